/**
 * Return the element of the page with an id.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(`no element ${id}`);
    return /** @type {T} */ (found);
}

/**
 * Make an element with text or children, a class, and attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{className?: string, [name: string]: string | undefined}} [attributes]
 * @param {...(string | Node)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== undefined) made.setAttribute(name === 'className' ? 'class' : name, value);
    }
    made.append(...children);
    return made;
}

/**
 * Make a button.
 * @param {string} text
 * @param {() => void} act
 * @param {string} [className]
 */
export function button(text, act, className) {
    const made = make('button', { type: 'button', className }, text);
    made.addEventListener('click', act);
    return made;
}

/** @typedef {{name: string, bytes: ArrayBuffer}} Output */

/**
 * Make a link that saves a file.
 * @param {Output} output
 * @param {string} text
 */
export function saveLink(output, text) {
    const address = URL.createObjectURL(new Blob([output.bytes]));
    const name = output.name.split('/').pop() ?? output.name;
    return make('a', { href: address, download: name, className: 'button' }, text);
}
