/** @typedef {'vi' | 'en'} Language */

/** @type {Language} */
let language = 'vi';
/** @type {(() => void)[]} */
const listeners = [];

/**
 * Return a text in the language of the page.
 * @param {string} vi
 * @param {string} en
 */
export function say(vi, en) {
    return language === 'en' ? en : vi;
}

/** Return the language of the page. */
export function spoken() {
    return language;
}

/**
 * Call a function now, and again after each change of the language.
 * @param {() => void} show
 */
export function inEachLanguage(show) {
    listeners.push(show);
    show();
}

/**
 * Change the language. Elements of the page's own text carry the English one in `data-en`.
 * @param {Language} wanted
 */
export function speak(wanted) {
    language = wanted;
    document.documentElement.lang = wanted;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (
        document.querySelectorAll('[data-en]')
    )) {
        element.dataset.vi ??= element.textContent?.trim();
        element.textContent = (wanted === 'en' ? element.dataset.en : element.dataset.vi) ?? '';
    }
    for (const show of listeners) show();
}

/**
 * Return a number of bytes for people.
 * @param {number} bytes
 */
export function size(bytes) {
    const locale = language === 'en' ? 'en-GB' : 'vi-VN';
    const [count, unit] = bytes < 1e6 ? [bytes / 1e3, 'KB'] : [bytes / 1e6, 'MB'];
    return `${count.toLocaleString(locale, { maximumFractionDigits: 1 })} ${unit}`;
}
