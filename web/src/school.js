import { DropPlace } from './drops.js';
import { byId, make } from './elements.js';
import { findings, listed, saved, show, trouble } from './results.js';
import { inEachLanguage, say } from './words.js';

/** @typedef {import('./engine.js').Engine} Engine */

/**
 * Open the door of the schools.
 * @param {Engine} engine
 */
export function openSchool(engine) {
    const box = byId('school-findings');
    const check = async () => {
        const { drops } = place;
        if (!drops.length) return box.replaceChildren();
        try {
            const title = say('Kiểm tra', 'Checking');
            show(box, ...findings(await engine.ask('check', title, drops)));
        } catch (error) {
            show(box, trouble(error));
        }
    };
    const plans = new DropPlace(byId('draft-files'));
    const place = new DropPlace(byId('school-files'), check);
    inEachLanguage(() => box.childElementCount && check());

    byId('do-documents').addEventListener('click', async () => {
        const result = byId('do-documents-result');
        try {
            const title = say('Lập văn bản Word', 'Making the Word document');
            const { shown, outputs } = await engine.ask('documents', title, place.drops);
            const text = say('Tải văn bản', 'Save the document');
            show(result, saved(outputs, text), listed(shown.lines));
        } catch (error) {
            show(result, trouble(error));
        }
    });
    onSubmit('draft-form', 'draft-result', async (options) => {
        const title = say('Đọc kế hoạch Word', 'Reading the Word plan');
        const { shown, outputs } = await engine.ask('draft', title, plans.drops, options);
        const link = saved(outputs, say('Tải bản nháp', 'Save the draft'));
        const heading = make('h4', {}, say('Cần xem lại', 'To be looked at'));
        const look = shown.cells.length ? [heading, listed(shown.cells)] : [];
        return [link, listed(shown.lines), ...look];
    });
    onSubmit('template-form', 'template-result', async (options) => {
        const title = say('Tạo mẫu', 'Making the template');
        const { shown, outputs } = await engine.ask('template', title, [], options);
        return [listed(shown.lines), saved(outputs, say('Tải mẫu', 'Save the template'))];
    });
}

/**
 * Let a form do a job with its options, and show the result below.
 * @param {string} id
 * @param {string} resultId
 * @param {(options: Record<string, string>) => Promise<Node[]>} work
 */
function onSubmit(id, resultId, work) {
    const form = /** @type {HTMLFormElement} */ (byId(id));
    const result = byId(resultId);
    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        /** @type {Record<string, string>} */
        const options = {};
        new FormData(form).forEach((value, name) => (options[name] = String(value)));
        try {
            show(result, ...(await work(options)));
        } catch (error) {
            show(result, trouble(error));
        }
    });
}
