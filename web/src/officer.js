import { DropPlace } from './drops.js';
import { byId, make } from './elements.js';
import { findings, listed, saved, show, tabular, trouble } from './results.js';
import { say } from './words.js';

/** @typedef {import('./elements.js').Output} Output */
/** @typedef {import('./engine.js').Answer} Answer */
/** @typedef {import('./engine.js').Engine} Engine */

/**
 * Open the door of the officers.
 * @param {Engine} engine
 */
export function openOfficer(engine) {
    const files = new DropPlace(byId('officer-files'));
    const schools = new DropPlace(byId('officer-schools'));
    const previous = new DropPlace(byId('officer-previous'));
    const district = new DropPlace(byId('officer-district'));
    const merged = new DropPlace(byId('officer-merged'));
    const typed = (/** @type {string} */ id) =>
        /** @type {HTMLInputElement} */ (byId(id)).value.trim();

    /**
     * Let a button do a job with the files of some places, and show its result below.
     * @param {string} id
     * @param {string} job
     * @param {DropPlace[]} places
     * @param {(answer: Answer) => Node[]} result
     */
    const act = (id, job, places, result) => {
        const press = byId(id);
        const box = byId(`${id}-result`);
        press.addEventListener('click', async () => {
            const drops = places.flatMap((place) => place.drops);
            const options = {
                school_year: typed('officer-year'),
                authority: typed('officer-authority'),
                due: typed('officer-due'),
            };
            try {
                const title = press.textContent?.trim() ?? '';
                show(box, ...result(await engine.ask(job, title, drops, options)));
            } catch (error) {
                show(box, trouble(error));
            }
        });
    };

    act('do-schools', 'schools', [schools], ({ shown }) => [
        tabular(shown.table),
        listed(shown.lines),
    ]);
    act('do-templates', 'templates', [schools], ({ shown, outputs }) => [
        listed(shown.lines),
        saved(outputs, say('Tải các mẫu', 'Save the templates')),
    ]);
    act('do-status', 'status', [files, schools], ({ shown }) => [
        tabular(shown.table),
        ...(shown.others.length
            ? [make('h4', {}, say('Các tệp khác', 'Other files')), listed(shown.others)]
            : []),
        listed(shown.lines),
    ]);
    act('do-check', 'check', [files], findings);
    act('do-merge', 'merge', [files, schools, previous], ({ shown, outputs }) => {
        offer(merged, outputs[0]);
        return [
            listed(shown.lines),
            saved(outputs, say('Tải sổ tổng hợp', 'Save the authority workbook')),
        ];
    });
    act('do-feedback', 'feedback', [files, district], ({ shown, outputs }) => [
        listed(shown.lines),
        saved(outputs, say('Tải các bản gửi lại', 'Save the copies and letters')),
        listed(shown.schools),
    ]);
    act('do-report', 'report', [merged], ({ shown, outputs }) => [
        listed(shown.lines),
        saved(outputs, say('Tải', 'Save')),
    ]);
}

/**
 * Put a file that the page has made on a place, unless a person has chosen another one there.
 * @param {DropPlace} place
 * @param {Output} output
 */
function offer(place, { name, bytes }) {
    const chosen = place.drops[0];
    if (chosen && !made.has(chosen.file)) return;
    const file = new File([bytes], name);
    made.add(file);
    place.add([place.drop(file, '')]);
}

/**
 * The files that the page has made itself.
 * @type {WeakSet<File>}
 */
const made = new WeakSet();
