"""The parts of sentences from which synthetic plans are built, in our own words.

No name of a real person, school or commune. ``{learner}`` is the word for pupils or
children. Every part is long enough that two tasks which differ in one of them are not
nearly the same.
"""

from __future__ import annotations

from enum import StrEnum


class Domain(StrEnum):
    """The parts of sentences on one subject of the criteria."""

    MANAGEMENT = "management"
    STAFF = "staff"
    TEACHING = "teaching"
    FACILITIES = "facilities"
    COMMUNITY = "community"


NAME_FIRST = (
    "Suối", "Đồi", "Vườn", "Cánh Đồng", "Bến", "Rừng", "Thảo Nguyên", "Ven Sông", "Nắng", "Mây",
    "Gió", "Hoa", "Trăng", "Sao", "Đá", "Cỏ", "Lúa", "Biển", "Thác", "Đường", "Mưa", "Sương",
    "Cầu", "Ngọn", "Hồ", "Nguồn", "Mái", "Tổ", "Lối", "Vầng",
)  # fmt: skip
NAME_SECOND = (
    "Xanh", "Hồng", "Trong", "Bạc", "Ấm", "Mới", "Lặng", "Thơm", "Sáng", "Biếc", "Vàng", "Êm",
    "Mát", "Tím", "Lành", "Rộng", "Cao", "Non", "Dịu", "Trắng", "Đông", "Thu", "Xuân", "Hạ",
    "Ngọc", "Tre", "Sen", "Mai", "Trúc", "Chiều",
)  # fmt: skip
"""Two halves that together give the invented names of schools and of hamlets."""

DEEDS = {
    Domain.MANAGEMENT: (
        "Rà soát quy chế làm việc, phân công lại đầu mối của từng bộ phận",
        "Lập lịch công tác chung của cả trường và công khai trên bảng tin",
        "Hoàn thiện kho lưu trữ văn bản số, đặt tên tệp theo một quy ước",
        "Tổ chức đối thoại định kỳ giữa lãnh đạo nhà trường và các tổ",
        "Xây dựng bảng chỉ số theo dõi mục tiêu chiến lược của nhà trường",
        "Cập nhật dữ liệu cơ sở vật chất và nhân sự lên hệ thống ngành",
        "Ban hành quy trình tiếp nhận và trả lời góp ý của phụ huynh",
        "Kiểm kê tài sản công, đối chiếu sổ sách với hiện vật từng phòng",
        "Xây dựng kế hoạch thu chi chi tiết và công khai theo từng quý",
        "Chuẩn hóa hồ sơ minh chứng, mỗi tiêu chí một thư mục riêng",
        "Đánh giá giữa kỳ việc thực hiện nghị quyết hội nghị viên chức",
        "Soạn sổ tay hướng dẫn công việc cho người mới nhận nhiệm vụ",
    ),
    Domain.STAFF: (
        "Tổ chức sinh hoạt chuyên môn theo nghiên cứu bài học giữa các tổ",
        "Cử người đi học lớp bồi dưỡng nghiệp vụ và chia sẻ lại nội dung",
        "Phân công người có kinh nghiệm kèm cặp đồng nghiệp mới vào nghề",
        "Khảo sát nhu cầu bồi dưỡng rồi lập danh mục chuyên đề cả năm",
        "Mở lớp kỹ năng số, thực hành soạn học liệu trên máy tính",
        "Xây dựng nhóm cốt cán hỗ trợ ra đề kiểm tra theo năng lực",
        "Tổ chức hội thảo nhỏ về ứng xử sư phạm và tư vấn tâm lý",
        "Rà soát vị trí việc làm, đề xuất điều chuyển nơi thừa, nơi thiếu",
        "Xây dựng tiêu chí thi đua gắn với tiến bộ của người học",
        "Dự giờ chéo giữa các khối và góp ý bằng phiếu quan sát",
        "Bồi dưỡng tiếng Anh giao tiếp cho đội ngũ theo hai trình độ",
        "Tập huấn sơ cứu, phòng tránh đuối nước cho toàn thể nhân sự",
    ),
    Domain.TEACHING: (
        "Lập hồ sơ theo dõi riêng cho {learner} tiếp thu còn chậm",
        "Thiết kế chuỗi hoạt động trải nghiệm gắn với nghề của địa phương",
        "Thành lập câu lạc bộ khoa học và trò chơi vận động ngoài giờ",
        "Xây dựng góc đọc mở, đổi sách luân phiên giữa các lớp",
        "Biên soạn bộ phiếu học tập phân hóa theo ba mức yêu cầu",
        "Tổ chức ngày hội đọc và kể chuyện bằng sản phẩm tự làm",
        "Đưa giáo dục kỹ năng tự phục vụ vào sinh hoạt hằng tuần",
        "Thử nghiệm đánh giá qua dự án nhỏ thay cho một bài viết",
        "Lồng ghép giáo dục môi trường vào tiết dạy ngoài sân vườn",
        "Theo dõi chuyên cần, gọi điện hỏi thăm khi {learner} vắng",
        "Hỗ trợ {learner} khuyết tật bằng kế hoạch giáo dục cá nhân",
        "Tổ chức phụ đạo theo nhóm nhỏ, mỗi nhóm không quá tám em",
    ),
    Domain.FACILITIES: (
        "Sửa chữa mái hiên và hệ thống thoát nước của dãy phòng cũ",
        "Lắp thêm đèn chống lóa và quạt treo tường ở các phòng",
        "Bổ sung thiết bị thực hành tối thiểu theo danh mục còn thiếu",
        "Cải tạo khu vệ sinh, lắp chậu rửa tay có chiều cao phù hợp",
        "Trồng cây bóng mát và làm lối đi khô ráo quanh sân",
        "Sắp xếp lại thư viện, mở thêm chỗ ngồi đọc tại chỗ",
        "Nâng cấp đường truyền và thay bộ phát không dây đã cũ",
        "Kiểm định bình chữa cháy, kẻ vạch lối thoát nạn từng tầng",
        "Làm mái che khu để xe và phân luồng giờ đón trả",
        "Bảo trì máy tính, cài lại phần mềm có bản quyền miễn phí",
        "Dựng tủ đồ dùng dùng chung và sổ mượn trả điện tử",
        "Sơn lại tường rào, thay cổng phụ đã hỏng bằng cổng sắt",
    ),
    Domain.COMMUNITY: (
        "Ký kết quy chế phối hợp với ban đại diện cha mẹ",
        "Mời người làm nghề truyền thống đến trò chuyện cùng {learner}",
        "Mở kênh trao đổi thông tin hằng tuần với từng gia đình",
        "Vận động nguồn lực tặng sách, áo ấm cho {learner} khó khăn",
        "Phối hợp trạm y tế khám sức khỏe và tư vấn dinh dưỡng",
        "Tham mưu chính quyền làm gờ giảm tốc trước cổng trường",
        "Tổ chức ngày mở cửa để phụ huynh dự một buổi học",
        "Cùng đoàn thể địa phương chăm sóc công trình công cộng gần trường",
        "Khảo sát mức độ hài lòng của gia đình hai lần mỗi năm",
        "Lập tổ tự quản an ninh giờ tan học cùng dân phố",
        "Xây dựng bản tin giấy gửi về các điểm sinh hoạt cộng đồng",
        "Mời cựu {learner} chia sẻ kinh nghiệm học tập và chọn hướng đi",
    ),
}
"""The action of a task."""

MANNERS = (
    "bắt đầu bằng một đợt khảo sát ngắn có phiếu hỏi",
    "theo hình thức cuốn chiếu, xong phần này mới sang phần khác",
    "kết hợp hướng dẫn trực tiếp với tài liệu gửi trước qua mạng",
    "chia thành hai đợt để không ảnh hưởng việc học thường ngày",
    "lấy kinh nghiệm của năm trước làm điểm xuất phát rồi điều chỉnh",
    "giao mỗi người một phần việc có thời hạn ghi rõ trên giấy",
    "ưu tiên nơi còn nhiều khó khăn, sau đó mới mở rộng dần",
    "mời chuyên viên có nghiệp vụ dự và góp ý tại chỗ",
    "sử dụng biểu mẫu thống nhất do tổ văn phòng thiết kế sẵn",
    "làm điểm ở một nơi, rút kinh nghiệm rồi áp dụng rộng hơn",
    "tận dụng vật liệu sẵn có và ngày công của tập thể",
    "ghi nhật ký từng buổi bằng ảnh chụp kèm vài dòng nhận xét",
    "thảo luận dân chủ trong cuộc họp trước khi quyết định cách làm",
    "dựa trên dữ liệu đã nhập trong phần mềm quản lý hiện có",
    "sắp lịch vào chiều thứ bảy để mọi người đều tham gia được",
    "lồng ghép với phong trào thi đua đã phát động từ đầu năm",
    "chọn cách làm ít tốn kém nhất mà vẫn bảo đảm an toàn",
    "phân nhóm năm đến bảy người, mỗi nhóm có một nhóm trưởng",
    "thuê đơn vị có năng lực thực hiện phần việc kỹ thuật khó",
    "dành nửa buổi đầu để thống nhất yêu cầu và cách đo kết quả",
    "học tập mô hình của đơn vị bạn rồi sửa cho hợp thực tế",
    "thực hiện đúng trình tự mua sắm, có ba báo giá để so sánh",
    "tách riêng việc cần làm ngay và việc để sang giai đoạn sau",
    "có phương án dự phòng khi thời tiết xấu hoặc thiếu người",
)
"""The manner of the action."""

SCOPES = (
    "tại điểm trường {place} trước rồi đến các điểm còn lại",
    "cho khu vực {place} là nơi đi lại còn cách trở",
    "ở hai dãy phòng phía {place} vừa được bàn giao lại",
    "với sự tham gia của các hộ gia đình ở xóm {place}",
    "trong phạm vi cụm {place}, mỗi cụm một đầu mối phụ trách",
    "cùng nhóm nòng cốt mang tên {place} do tập thể bầu ra",
    "gắn với công trình {place} mà tập thể đã đăng ký",
    "hướng tới {learner} ở thôn {place} và vùng lân cận",
    "dành riêng một góc mang tên {place} để trưng bày kết quả",
    "theo tuyến đường từ {place} về đến cổng chính của trường",
    "áp dụng trước hết cho lớp ghép đang học nhờ tại {place}",
    "kết nối với nhà văn hóa {place} để có thêm mặt bằng",
)
"""The place and the people, with places invented for each school."""

FOLLOW_UPS = (
    "sau {weeks} tuần đối chiếu số liệu và báo cáo trong giao ban",
    "cuối đợt lấy ý kiến ít nhất {share} người liên quan bằng phiếu",
    "lưu biên bản, hình ảnh vào thư mục minh chứng trong {weeks} ngày",
    "tổ giám sát đến xem tại chỗ {times} lần và ghi nhận xét",
    "công khai kết quả trên bảng tin trong {weeks} ngày liền",
    "mỗi bộ phận tự chấm theo thang {share} điểm rồi so với nhau",
    "nếu chưa đạt {share} phần trăm thì kéo dài thêm một đợt",
    "tổng hợp thành bài học ngắn không quá {times} trang gửi các tổ",
    "ghi nhận {times} cá nhân làm tốt để nhân rộng cách làm",
    "so sánh với số liệu của {times} năm trước để thấy chuyển biến",
    "bàn giao cho bộ phận sử dụng sau {weeks} ngày chạy thử",
    "họp rút kinh nghiệm mỗi {weeks} ngày và điều chỉnh phân công",
    "đặt mục tiêu {share} lượt tham gia, thống kê bằng sổ ký tên",
    "thông báo kết quả tới {share} gia đình qua sổ liên lạc điện tử",
    "tổ chức báo cáo kết quả trước toàn trường trong {times} buổi",
    "đưa nội dung còn vướng vào {times} cuộc họp chuyên môn kế tiếp",
)
"""The evidence that the task was done."""

RESULTS = (
    "Ít nhất {share}% đối tượng được tham gia, tăng rõ so với năm trước",
    "Giảm {times} điểm phần trăm số trường hợp chưa đạt yêu cầu",
    "Có đủ {share}% hạng mục theo danh mục tối thiểu, dùng được ngay",
    "Đạt {share}% ý kiến hài lòng trong phiếu hỏi cuối đợt",
    "Hoàn thành {times} sản phẩm được hội đồng xếp loại tốt",
    "Không còn nội dung tồn đọng quá {weeks} ngày kể từ khi tiếp nhận",
)
IMPROVED = (
    "Nền nếp quản lý và phối hợp giữa các bộ phận",
    "Chất lượng đội ngũ và cơ hội học tập của đội ngũ",
    "Cách tổ chức dạy học, chăm sóc phù hợp từng đối tượng",
    "Điều kiện cơ sở vật chất và mức độ an toàn",
    "Sự tham gia của gia đình và cộng đồng",
)
STATES = (
    "Đã có nền nếp ban đầu nhưng kết quả giữa các bộ phận chưa đều",
    "Việc thực hiện mới ở mức đáp ứng yêu cầu tối thiểu",
    "Hồ sơ đầy đủ song thiếu số liệu so sánh qua từng giai đoạn",
    "Cách làm phụ thuộc vào một vài cá nhân, chưa thành quy trình",
)
WEAKNESSES = (
    "Chưa có chỉ số theo dõi nên khó biết mức độ tiến bộ",
    "Thiết bị và không gian chưa đáp ứng khi tổ chức cùng lúc",
    "Phối hợp với gia đình còn hình thức, thông tin một chiều",
    "Một bộ phận còn lúng túng khi áp dụng cách làm mới",
)
CAUSES = (
    "Phân công chưa rõ đầu mối, việc kiểm tra chưa thường xuyên",
    "Nguồn kinh phí phân bổ muộn so với nhu cầu thực tế",
    "Nhân sự thay đổi nhiều, chưa kịp bồi dưỡng",
    "Chưa khảo sát nhu cầu trước khi lập kế hoạch",
)
STRENGTHS = (
    "Thực hiện đầy đủ yêu cầu, có minh chứng lưu theo từng giai đoạn",
    "Tập thể đoàn kết, chủ động đề xuất cách làm phù hợp",
    "Kết quả ổn định trong nhiều năm, được cha mẹ ghi nhận",
)

DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "ngày %d tháng %m năm %Y", "%d/%m/%y")
"""Spellings of a day, each of which is understood."""
