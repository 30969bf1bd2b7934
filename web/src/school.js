import { DropPlace } from './drops.js';
import { byId } from './elements.js';
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
    const place = new DropPlace(byId('school-files'), check);
    inEachLanguage(() => box.childElementCount && check());

    const form = /** @type {HTMLFormElement} */ (byId('template-form'));
    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const result = byId('template-result');
        /** @type {Record<string, string>} */
        const options = {};
        new FormData(form).forEach((value, name) => (options[name] = String(value)));
        try {
            const title = say('Tạo mẫu', 'Making the template');
            const { shown, outputs } = await engine.ask('template', title, [], options);
            show(result, listed(shown.lines), saved(outputs, say('Tải mẫu', 'Save the template')));
        } catch (error) {
            show(result, trouble(error));
        }
    });
}
