"""Rules across schools: faults that only show when files are compared."""

from __future__ import annotations

from macros_free_validation.expression import Limit
from macros_free_validation.rule import Rule, Severity, Stage
from workbook_templates.text import Text

DOUBLE = Rule(
    "KD901",
    "across.double",
    Severity.WARNING,
    Text("Trường nộp nhiều bản", "School handed in more than once"),
    Text(
        "Mã trường «{code}» có {count} bản nộp; đã lấy tệp «{chosen}» ({reason}). Không tổng hợp: "
        "{others}.",
        "School code '{code}' has {count} submissions; '{chosen}' counts ({reason}). Left out: "
        "{others}.",
    ),
    Text(
        "Nếu bản khác mới đúng, tổng hợp lại với --prefer và đường dẫn của bản đó. Nếu mỗi bản là "
        "một phần của kế hoạch, tổng hợp lại với --combine, hoặc gộp các bản bằng lệnh combine.",
        "If another one is meant, merge again with --prefer and its path. If each is a part of the "
        "plan, merge again with --combine, or put them together with the command combine.",
    ),
    stage=Stage.DISTRICT,
    incidental=("code", "files"),
    why=Text(
        "Có nhiều bản nộp của cùng một trường thì chỉ một bản được tính, nếu không số công "
        "việc, kinh phí bị cộng trùng. Bản được lấy là bản đúng năm học, đúng mẫu của trường "
        "và lưu sau cùng; nhà trường có thể muốn bản khác.",
        "Of several submissions of one school only one may count, or its tasks and money are "
        "added twice. It is the one for the right year, on the school's own template, saved "
        "last; the school may mean another one.",
    ),
)
UNEXPECTED = Rule(
    "KD902",
    "across.not_expected",
    Severity.WARNING,
    Text("Trường không có trong danh sách", "School not in the list"),
    Text(
        "Mã trường «{code}» không có trong danh sách trường.",
        "School code '{code}' is not in the list of schools.",
    ),
    Text(
        "Kiểm tra mã trường, hoặc bổ sung vào danh sách trường.",
        "Check the code, or add the school to the list.",
    ),
    stage=Stage.DISTRICT,
    why=Text(
        "Trường ngoài danh sách làm sai số trường đã nộp và số trường còn thiếu.",
        "A school that is not in the list falsifies who has handed in and who has not.",
    ),
)
WRONG_KIND = Rule(
    "KD903",
    "across.wrong_kind",
    Severity.ERROR,
    Text("Sai cấp học", "Wrong school kind"),
    Text(
        "Bản nộp dùng mẫu {found}, nhưng danh sách trường ghi {expected}.",
        "The submission uses the template for {found}, but the list says {expected}.",
    ),
    Text("Phát lại đúng mẫu cho trường.", "Issue the right template to the school."),
    stage=Stage.DISTRICT,
    why=Text(
        "Mỗi cấp học có bộ tiêu chí riêng; kế hoạch lập trên mẫu của cấp học khác không đối "
        "chiếu được với bộ tiêu chí của trường.",
        "Each school kind has criteria of its own; a plan on another kind's template "
        "cannot be held against the rules for the school.",
    ),
)
WRONG_YEAR = Rule(
    "KD904",
    "across.wrong_year",
    Severity.NOTE,
    Text("Khác năm học với đa số", "Another school year than most"),
    Text(
        "Bản nộp của năm học {found}, trong khi đa số là {expected}.",
        "The submission is for {found}, most are for {expected}.",
    ),
    Text("Kiểm tra lại năm học của bản nộp.", "Check the school year."),
    stage=Stage.DISTRICT,
    incidental=("expected",),
    why=Text(
        "Bản nộp của năm học khác thường là tệp cũ gửi nhầm; số liệu của hai năm học "
        "không cộng chung được.",
        "A submission for another year is often an old file sent by mistake; figures "
        "of two years cannot be added up.",
    ),
)
SAME_FILE = Rule(
    "KD905",
    "across.same_file",
    Severity.NOTE,
    Text("Hai tệp giống hệt nhau", "Two identical files"),
    Text(
        "Tệp này giống hệt tệp «{other}»; chỉ tổng hợp một lần.",
        "This file is identical to '{other}'; it is merged once.",
    ),
    Text("Có thể xóa một trong hai tệp.", "One of the two may be deleted."),
    stage=Stage.DISTRICT,
    why=Text(
        "Cùng một tệp gửi hai lần, nếu tính cả hai, sẽ làm tăng gấp đôi công việc và "
        "kinh phí của trường.",
        "The same file sent twice would, if both counted, double the school's tasks and money.",
    ),
)
COPIED_WORDS = Limit(
    "copied_words",
    15,
    5,
    200,
    Text(
        "Số tiếng ít nhất của một công việc để xét việc sao chép",
        "Fewest words (syllables) of a task that can be called copied",
    ),
)
COPIED_LIKENESS = Limit(
    "copied_likeness",
    85,
    60,
    100,
    Text(
        "Phần trăm số tiếng giống nhau, đúng thứ tự, để coi là gần giống",
        "Percent of the words that are the same, in order, for two tasks to be nearly the same",
    ),
)
COPIED_TASKS = Limit(
    "copied_tasks",
    3,
    1,
    200,
    Text(
        "Số công việc giống nhau ít nhất giữa hai kế hoạch để nêu vấn đề",
        "Fewest tasks that two plans must share before they are reported",
    ),
)
COPIED = Rule(
    "KD906",
    "across.task_copied",
    Severity.WARNING,
    Text("Công việc giống kế hoạch của trường khác", "Task as in another school's plan"),
    Text(
        "Công việc giống {percent}% với dòng {row}, trang «{sheet}» của {school} (mã {code}, tệp "
        "{file}); hai kế hoạch có {count} công việc như vậy.",
        "The task is {percent}% the same as row {row}, sheet '{sheet}' of {school} (code {code}, "
        "file {file}); the two plans share {count} such tasks.",
    ),
    Text(
        "Đối chiếu hai dòng; kính đề nghị nhà trường nêu công việc theo hạn chế của chính mình. "
        "Nội dung theo hướng dẫn chung của cơ quan quản lý thì chấp nhận.",
        "Compare the two rows; ask the school for tasks that answer its own weaknesses. Text that "
        "the authority itself handed out may be accepted.",
    ),
    "plan",
    "task",
    stage=Stage.DISTRICT,
    preview="0.3.0",
    asks=(COPIED_WORDS, COPIED_LIKENESS, COPIED_TASKS),
    why=Text(
        "Kế hoạch chép của trường khác không xuất phát từ kết quả tự đánh giá của trường mình. "
        "Câu ngắn, câu quen dùng thì trường nào cũng có, nên chỉ xét công việc viết dài và chỉ "
        "nêu khi hai kế hoạch có nhiều công việc như vậy; bản lưu sau được đối chiếu với bản lưu "
        "trước, chưa phải là kết luận ai chép của ai.",
        "A plan copied from another school does not come from the school's own self-assessment. "
        "Short and customary sentences stand in every plan, so only long tasks are looked at, "
        "and only plans that share several of them; the file saved later is held against the "
        "earlier one, which does not say who copied from whom.",
    ),
)

REPLACED = Rule(
    "KD907",
    "across.task_replaced",
    Severity.WARNING,
    Text("Công việc bị thay dưới báo cáo đã có", "Task replaced under its report"),
    Text(
        "Dòng này trước đây ghi «{old}» và đã có báo cáo tiến độ (trang «{sheet}», dòng {row}); "
        "nay ghi công việc khác mà báo cáo vẫn còn.",
        "This row had the task '{old}' with a report (sheet '{sheet}', row {row}); it now has "
        "another task, while the report is still there.",
    ),
    Text(
        "Đề nghị nhà trường chuyển báo cáo theo công việc cũ, hoặc ghi công việc mới vào dòng "
        "trống tiếp theo; thứ tự in đặt ở cột «Thứ tự in».",
        "Ask the school to move the report along with its task, or to write the new task in the "
        "next free row; the column of the order decides where it is printed.",
    ),
    "plan",
    "task",
    stage=Stage.DISTRICT,
    why=Text(
        "Báo cáo gắn với dòng của công việc; công việc bị ghi đè thì báo cáo cũ được tính cho một "
        "việc chưa làm.",
        "A report belongs to the row of its task; over-written, the old report counts for a task "
        "that nobody has done.",
    ),
)

EXCHANGED = Rule(
    "KD866",
    "across.rows_exchanged",
    Severity.WARNING,
    Text("Công việc đổi dòng, báo cáo không đổi theo", "Tasks changed rows without their reports"),
    Text(
        "So với lần tổng hợp trước, các công việc đã đổi dòng (sắp xếp lại hoặc đổi chỗ) mà báo "
        "cáo tiến độ trên trang «{sheet}» vẫn ở dòng cũ: {moves}.",
        "Since the last merge tasks changed their rows (sorted or exchanged), while the reports on "
        "sheet '{sheet}' stayed where they were: {moves}.",
    ),
    Text(
        "Đề nghị nhà trường đưa các công việc về dòng cũ (thứ tự in đặt ở cột «Thứ tự in»), hoặc "
        "chuyển báo cáo theo công việc.",
        "Ask the school to put the tasks back into their rows (the column of the order decides "
        "where they are printed), or to move the reports along with them.",
    ),
    "plan",
    "task",
    stage=Stage.DISTRICT,
    why=Text(
        "Báo cáo gắn với dòng của công việc; các dòng đổi chỗ thì tiến độ của việc này được tính "
        "cho việc khác.",
        "A report belongs to the row of its task; where rows change places, the progress of one "
        "task counts for another.",
    ),
)

OWNER_IN_DOUBT = Rule(
    "KD908",
    "across.owner_in_doubt",
    Severity.WARNING,
    Text("Chưa chắc bản nộp của trường nào", "Not certain whose plan it is"),
    Text(
        "Chưa chắc bản nộp này của trường nào: {evidence}. {taken}",
        "It is not certain whose plan this is: {evidence}. {taken}",
    ),
    Text(
        'Hỏi lại nhà trường, rồi tổng hợp lại với --assign "{file}=MÃ", trong đó MÃ là mã của '
        "trường đúng; các lần tổng hợp sau giữ câu trả lời này.",
        'Ask the school, then merge again with --assign "{file}=CODE", where CODE is that of the '
        "right school; later merges keep the answer.",
    ),
    stage=Stage.DISTRICT,
    incidental=("taken", "file"),
    why=Text(
        "Gõ nhầm mã trường thì kế hoạch của trường này có thể bị tính cho trường khác, hoặc thay "
        "mất kế hoạch của trường khác. Dấu của mẫu được tin hơn ô mã; khi chưa chắc thì bản nộp "
        "được để riêng cho đến khi có người trả lời.",
        "With a mistyped code a school's plan could count for another school, or replace the "
        "other's plan. The template's stamp is trusted before the typed code; where nothing is "
        "certain the plan is kept by itself until a person has answered.",
    ),
)

PARTS_DIFFER = Rule(
    "KD909",
    "across.parts_differ",
    Severity.WARNING,
    Text("Các phần của kế hoạch ghi khác nhau", "Parts of a plan differ"),
    Text(
        "«{field}»: các phần của kế hoạch ghi khác nhau ({said}). Ô này được để trống khi tổng "
        "hợp.",
        "'{field}': the parts of the plan differ ({said}). The cell is empty in the merge.",
    ),
    Text(
        "Hỏi nhà trường nội dung nào đúng; nhà trường ghi thống nhất ở mọi tệp rồi gửi lại.",
        "Ask the school which content is right; the school types the same in every file and "
        "returns them.",
    ),
    stage=Stage.DISTRICT,
    distinguished_by=("about",),
    incidental=("field", "said"),
    why=Text(
        "Khi gộp các phần của một kế hoạch (--combine), ô chung chỉ có một nội dung. Chỉ nhà "
        "trường biết nội dung nào đúng, nên công cụ không chọn thay.",
        "Where parts of one plan are combined (--combine), a common cell has one content. Only "
        "the school knows which is right, so the tool does not choose.",
    ),
)
TASK_IN_TWO_PARTS = Rule(
    "KD910",
    "across.task_in_two_parts",
    Severity.WARNING,
    Text("Một công việc ở hai phần, nội dung khác nhau", "One task in two parts, with differences"),
    Text(
        "Công việc này cũng có ở tệp «{file}», dòng {row}, với nội dung khác ở một số ô; cả hai "
        "dòng đều được tính.",
        "The task is also in '{file}', row {row}, with other cells; both rows count.",
    ),
    Text(
        "Hỏi nhà trường: nếu là một việc thì giữ một dòng và xóa dòng kia trong tệp của nó.",
        "Ask the school: if it is one task, keep one row and clear the other in its file.",
    ),
    "plan",
    "task",
    stage=Stage.DISTRICT,
    distinguished_by=("task",),
    incidental=("file", "row"),
    why=Text(
        "Một việc ghi ở hai phần được tính hai lần, kinh phí cũng vậy. Hai dòng khác nhau nên "
        "không thể bỏ bớt dòng nào nếu chưa hỏi nhà trường.",
        "A task in two parts counts twice, and so does its money. As the rows differ, neither "
        "can be dropped before the school is asked.",
    ),
)

RULES = (
    DOUBLE,
    UNEXPECTED,
    WRONG_KIND,
    WRONG_YEAR,
    SAME_FILE,
    COPIED,
    REPLACED,
    EXCHANGED,
    OWNER_IN_DOUBT,
    PARTS_DIFFER,
    TASK_IN_TWO_PARTS,
)
