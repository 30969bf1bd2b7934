import { make, saveLink } from './elements.js';
import { say } from './words.js';

/** @typedef {import('./elements.js').Output} Output */
/** @typedef {import('./engine.js').Answer} Answer */
/**
 * @typedef {object} Finding
 * @property {string} rule
 * @property {string} severity
 * @property {string | null} sheet
 * @property {string | null} cell
 * @property {string} message
 * @property {string} remedy
 */
/** @typedef {{name: string | null, content: string}} Place */

/** @type {Record<string, string>} */
export const severities = {};

/**
 * Show a result in place of the one before, and move there.
 * @param {HTMLElement} box
 * @param {...Node} children
 */
export function show(box, ...children) {
    box.replaceChildren(...children);
    box.lang = document.documentElement.lang;
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: 'nearest' });
}

/**
 * Return a message that something went wrong.
 * @param {unknown} error
 */
export function trouble(error) {
    const text = error instanceof Error ? error.message : String(error);
    return make('p', { className: 'trouble', role: 'alert' }, text);
}

/**
 * Return links that save files; the first file is saved at once.
 * @param {Output[]} outputs
 * @param {string} title
 */
export function saved(outputs, title) {
    const links = outputs.map((output) => saveLink(output, `${title}: ${output.name}`));
    links[0]?.click();
    return make('p', { className: 'buttons' }, ...links);
}

/** @param {string[]} lines */
export function listed(lines) {
    if (!lines.length) return document.createDocumentFragment();
    return make('ul', { className: 'lines' }, ...lines.map((line) => make('li', {}, line)));
}

/**
 * Return a table; on a narrow screen each row is a card, whose cells repeat their headings.
 * @param {{headings: string[], rows: string[][], summary: string}} table
 */
export function tabular({ headings, rows, summary }) {
    const cells = headings.map((heading) => make('th', { scope: 'col' }, heading));
    const body = rows.map((row) =>
        make(
            'tr',
            {},
            ...row.map((value, nth) => {
                const empty = value ? undefined : 'empty';
                return make('td', { 'data-heading': headings[nth], className: empty }, value);
            }),
        ),
    );
    const head = make('thead', {}, make('tr', {}, ...cells));
    const table = make('table', {}, make('caption', {}, summary), head, make('tbody', {}, ...body));
    return make('div', { className: 'table' }, table);
}

/**
 * Return the findings of all files of a check.
 * @param {Answer} answer
 */
export function findings({ shown, outputs }) {
    const { files } = shown.report;
    const isOne = files.length === 1;
    const parts = files.map((/** @type {any} */ file, /** @type {number} */ nth) =>
        ofFile(file, shown.places[nth], isOne),
    );
    const links = outputs.map((output) =>
        saveLink(output, output.name.endsWith('.html') ? toPrint() : toSort()),
    );
    const total = make('p', { className: 'total' }, shown.summary);
    return [total, ...parts, make('p', { className: 'buttons' }, ...links)];
}

function toPrint() {
    return say('Tải kết quả để in (.html)', 'Save the findings to print (.html)');
}

function toSort() {
    return say('Tải kết quả dạng bảng (.csv)', 'Save the findings as a table (.csv)');
}

/**
 * @param {{path: string, school: {code: string | null, name: string | null},
 *   findings: Finding[]}} file
 * @param {Place[]} places
 * @param {boolean} isOpen
 */
function ofFile(file, places, isOpen) {
    const { code, name } = file.school;
    const school = [code, name].filter(Boolean).join(' ');
    const counts = ['error', 'warning', 'note']
        .map((severity) => {
            const count = file.findings.filter((finding) => finding.severity === severity).length;
            return { severity, count };
        })
        .filter(({ count }) => count)
        .map(({ severity, count }) =>
            make('span', { className: `count ${severity}` }, `${count} ${lower(severity)}`),
        );
    const none = make(
        'span',
        { className: 'count fine' },
        say('không có vấn đề nào', 'no findings'),
    );
    const summary = make(
        'summary',
        {},
        make('span', { className: 'name' }, file.path),
        ...(school ? [make('span', { className: 'school' }, school)] : []),
        make('span', { className: 'counts' }, ...(counts.length ? counts : [none])),
    );
    const box = make('details', { className: 'file' }, summary);
    const fill = () => {
        if (box.childElementCount === 1) box.append(...bySheet(file.findings, places));
    };
    // Hundreds of files have many thousands of findings: each file is filled when it is opened.
    box.addEventListener('toggle', fill);
    if (isOpen) {
        fill();
        box.open = true;
    }
    return box;
}

/** @param {string} severity */
function lower(severity) {
    return (severities[severity] ?? severity).toLowerCase();
}

/**
 * @param {Finding[]} all
 * @param {Place[]} places
 */
function bySheet(all, places) {
    /** @type {HTMLElement[]} */
    const made = [];
    /** @type {string | null | undefined} */
    let sheet;
    /** @type {HTMLUListElement} */
    let list;
    all.forEach((finding, nth) => {
        if (finding.sheet !== sheet) {
            sheet = finding.sheet;
            const title = sheet
                ? say(`Trang «${sheet}»`, `Sheet '${sheet}'`)
                : say('Cả tệp', 'The file');
            list = make('ul', { className: 'findings' });
            made.push(make('h4', {}, title), list);
        }
        list.append(make('li', {}, ofCell(finding, places[nth])));
    });
    return made;
}

/**
 * @param {Finding} finding
 * @param {Place} place
 */
function ofCell(finding, place) {
    const level = severities[finding.severity] ?? finding.severity;
    const summary = make(
        'summary',
        {},
        make(
            'span',
            { className: 'where' },
            make('span', { className: 'level' }, level),
            ...(finding.cell ? [make('span', { className: 'cell' }, finding.cell)] : []),
        ),
        make('span', { className: 'message' }, finding.message),
        make('span', { className: 'remedy' }, `${say('Cách xử lý', 'Remedy')}: ${finding.remedy}`),
    );
    /** @type {[string, string][]} */
    const facts = [];
    if (place.name) facts.push([say('Tên ô', 'Cell'), place.name]);
    const empty = say('(để trống)', '(empty)');
    if (finding.cell) facts.push([say('Đang ghi', 'Content'), place.content || empty]);
    facts.push([say('Quy tắc', 'Rule'), finding.rule]);
    const terms = facts.flatMap(([term, text]) => [make('dt', {}, term), make('dd', {}, text)]);
    return make(
        'details',
        { className: `finding ${finding.severity}` },
        summary,
        make('dl', {}, ...terms),
    );
}
