import { button, make } from './elements.js';
import { inEachLanguage, say, size } from './words.js';

/** @typedef {import('./engine.js').Drop} Drop */

/**
 * A place of the page for files: dropped, or chosen by keyboard. It lists them, and lets each be
 * taken out again.
 */
export class DropPlace {
    /**
     * @param {HTMLElement} box an element with `data-role`, and `data-many` where it takes several
     * @param {(place: DropPlace) => void} changed
     */
    constructor(box, changed = () => {}) {
        this.box = box;
        this.role = box.dataset.role ?? 'files';
        this.isMany = box.dataset.many !== undefined;
        this.changed = changed;
        /** @type {Drop[]} */
        this.drops = [];
        this.list = make('div', { className: 'chosen' });
        box.append(this.list);
        for (const input of box.querySelectorAll('input')) {
            input.addEventListener('change', () => {
                this.add(
                    [...(input.files ?? [])].map((file) =>
                        this.drop(file, file.webkitRelativePath),
                    ),
                );
                input.value = '';
            });
        }
        box.addEventListener('dragover', (event) => {
            event.preventDefault();
            box.classList.add('over');
        });
        box.addEventListener('dragleave', () => box.classList.remove('over'));
        box.addEventListener('drop', async (event) => {
            event.preventDefault();
            box.classList.remove('over');
            if (event.dataTransfer) this.add(await this.dropped(event.dataTransfer));
        });
        inEachLanguage(() => this.show());
    }

    /**
     * @param {File} file
     * @param {string} path
     * @returns {Drop}
     */
    drop(file, path) {
        return { file, name: path || file.name, role: this.role };
    }

    /** @param {Drop[]} more */
    add(more) {
        if (!more.length) return;
        this.drops = this.isMany ? [...this.drops, ...more] : more.slice(-1);
        this.show();
        this.changed(this);
    }

    /**
     * Return dropped files, and those in dropped folders.
     * @param {DataTransfer} transfer
     */
    async dropped(transfer) {
        const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
        const plain = [...transfer.files];
        if (!entries.some((entry) => entry?.isDirectory)) {
            return plain.map((file) => this.drop(file, ''));
        }
        const found = await Promise.all(entries.map((entry) => (entry ? this.inside(entry) : [])));
        return found.flat();
    }

    /**
     * @param {FileSystemEntry} entry
     * @returns {Promise<Drop[]>}
     */
    async inside(entry) {
        if (entry.isFile) {
            const single = /** @type {FileSystemFileEntry} */ (entry);
            /** @type {File} */
            const file = await new Promise((resolve, reject) => single.file(resolve, reject));
            return [this.drop(file, entry.fullPath.replace(/^\//, ''))];
        }
        const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
        /** @type {Drop[]} */
        const found = [];
        for (;;) {
            // A folder is read in pieces; an empty piece is the end.
            /** @type {FileSystemEntry[]} */
            const piece = await new Promise((resolve, reject) =>
                reader.readEntries(resolve, reject),
            );
            if (!piece.length) return found;
            for (const each of piece) found.push(...(await this.inside(each)));
        }
    }

    /** @param {Drop} drop */
    remove(drop) {
        this.drops = this.drops.filter((each) => each !== drop);
        this.show();
        this.box.querySelector('input')?.focus();
        this.changed(this);
    }

    /** Show the chosen files. */
    show() {
        const { drops } = this;
        this.list.replaceChildren();
        if (!drops.length) return;
        const lines = drops.map((drop) => {
            const remove = button(say('Bỏ', 'Remove'), () => this.remove(drop), 'plain');
            remove.setAttribute('aria-label', say(`Bỏ tệp ${drop.name}`, `Remove ${drop.name}`));
            return make('li', {}, make('span', { className: 'name' }, drop.name), remove);
        });
        const list = make('ul', {}, ...lines);
        if (drops.length === 1) {
            this.list.append(list);
            return;
        }
        const total = size(drops.reduce((sum, { file }) => sum + file.size, 0));
        const title = say(
            `Đã chọn ${drops.length} tệp (${total})`,
            `${drops.length} files (${total})`,
        );
        const clear = button(say('Bỏ tất cả', 'Remove all'), () => {
            this.drops = [];
            this.show();
            this.box.querySelector('input')?.focus();
            this.changed(this);
        });
        clear.className = 'plain';
        this.list.append(make('details', {}, make('summary', {}, title), list), clear);
    }
}
