import { byId, make } from './elements.js';
import { Engine } from './engine.js';
import { openOfficer } from './officer.js';
import { severities } from './results.js';
import { openSchool } from './school.js';
import { inEachLanguage, say, speak, spoken } from './words.js';

/** @typedef {import('./engine.js').State} State */

const engine = new Engine(showState);

/** @param {State} state */
function showState({ kind, title, done, all, name, waiting }) {
    const bar = /** @type {HTMLProgressElement} */ (byId('bar'));
    const isWorking = kind === 'working';
    byId('working').hidden = !isWorking;
    document.body.dataset.engine = kind;
    byId('engine').textContent = {
        starting: say(
            'Đang chuẩn bị công cụ, vài giây… Có thể chọn tệp ngay từ bây giờ.',
            'Preparing the tool, a few seconds… Files can be chosen already.',
        ),
        ready: say('Công cụ đã sẵn sàng.', 'The tool is ready.'),
        working: say('Công cụ đang làm việc.', 'The tool is working.'),
        broken: say(
            'Trình duyệt này không chạy được công cụ. Vui lòng dùng bản mới của Chrome, Edge, Cốc Cốc ' +
                'hoặc Firefox.',
            'This browser cannot run the tool. Please use a current Chrome, Edge or Firefox.',
        ),
    }[kind];
    if (!isWorking) return;
    const rest = all === undefined || done === undefined ? 0 : all - done;
    const isCounted = rest > 0;
    if (isCounted && all !== undefined && done !== undefined) {
        bar.max = all;
        bar.value = done;
    } else bar.removeAttribute('value');
    const left = isCounted
        ? say(
              `còn ${rest}/${all} tệp. ${name ?? ''}`,
              `${rest} of ${all} files left. ${name ?? ''}`,
          )
        : say('đang xử lý…', 'working…');
    const more = waiting ? say(` (${waiting} việc đang chờ)`, ` (${waiting} more waiting)`) : '';
    byId('work').textContent = `${title}: ${left}${more}`;
}

/** Show the door that the address names. */
function openDoor() {
    const wanted = location.hash.slice(1);
    for (const door of /** @type {NodeListOf<HTMLElement>} */ (
        document.querySelectorAll('.door')
    )) {
        door.hidden = door.id !== wanted;
        const link = document.querySelector(`nav a[href="#${door.id}"]`);
        if (door.hidden) link?.removeAttribute('aria-current');
        else link?.setAttribute('aria-current', 'page');
    }
    document.body.classList.toggle(
        'inside',
        Boolean(document.querySelector('.door:not([hidden])')),
    );
    document.querySelector('.door:not([hidden]) h2')?.scrollIntoView({ block: 'nearest' });
}

async function fillForms() {
    const { shown } = await engine.ask('offer', say('Chuẩn bị', 'Preparing'));
    Object.assign(severities, shown.severities);
    for (const id of ['template-kind', 'draft-kind']) {
        const kinds = /** @type {HTMLSelectElement} */ (byId(id));
        const chosen = kinds.value;
        kinds.replaceChildren(
            make('option', { value: '' }, say('(chọn cấp học)', '(choose the kind)')),
            ...shown.kinds.map((/** @type {{id: string, label: string}} */ each) =>
                make('option', { value: each.id }, each.label),
            ),
        );
        kinds.value = chosen;
    }
    for (const id of ['template-year', 'officer-year']) {
        const input = /** @type {HTMLInputElement} */ (byId(id));
        input.value ||= shown.school_year;
    }
}

byId('stop').addEventListener('click', () => engine.cancel());
byId('language').addEventListener('click', () => speak(spoken() === 'vi' ? 'en' : 'vi'));
addEventListener('hashchange', openDoor);
// A file dropped beside its place would otherwise replace the page.
for (const kind of ['dragover', 'drop']) {
    addEventListener(kind, (event) => event.preventDefault());
}
openDoor();
engine.start();
inEachLanguage(() => {
    engine.show({});
    fillForms().catch(() => {});
});
openSchool(engine);
openOfficer(engine);
