import { say, spoken } from './words.js';

/** @typedef {import('./elements.js').Output} Output */
/** @typedef {{file: File, name: string, role: string}} Drop */
/** @typedef {{shown: Record<string, any>, outputs: Output[]}} Answer */
/**
 * @typedef {object} Asked
 * @property {number} id
 * @property {string} job
 * @property {string} title
 * @property {Drop[]} drops
 * @property {Record<string, string>} options
 * @property {Record<string, 'time' | 'memory'>} refused files on which the engine was ended
 * @property {string} name name of the file that is worked on; empty between files
 * @property {number} waited seconds that it has been worked on
 * @property {(answer: Answer) => void} resolve
 * @property {(error: Error) => void} reject
 */
/**
 * @typedef {object} State
 * @property {'starting' | 'ready' | 'working' | 'broken'} kind
 * @property {string} [title] the job that runs
 * @property {number} [done]
 * @property {number} [all]
 * @property {string} [name]
 * @property {number} [waiting] further jobs
 */

/** Seconds for one file. Natively it has 20 of processor time; here Python takes thrice as long. */
const LONGEST = 90;
/** Longest step of the clock that counts, in seconds: a laptop that slept worked on nothing. */
const STEP = 2;

/** An error that a person can read. */
export class Refusal extends Error {}

/**
 * Return the bytes of a part of the page.
 * @param {string} name
 * @returns {Promise<ArrayBuffer>}
 */
async function part(name) {
    const coded = document.getElementById(`part-${name}`)?.textContent ?? '';
    const raw = atob(coded);
    const packed = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) packed[i] = raw.charCodeAt(i);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).arrayBuffer();
}

/**
 * The Python behind the page, in a worker. It does one job after another. It is ended, and begun
 * anew, where a person cancels, where it crashes, and where one file takes too long.
 */
export class Engine {
    /** @param {(state: State) => void} notice */
    constructor(notice) {
        this.notice = notice;
        /** @type {Asked[]} */
        this.queue = [];
        /** @type {Asked | null} */
        this.current = null;
        this.isReady = false;
        this.isBroken = false;
        this.next = 1;
        /** @type {Worker | null} */
        this.worker = null;
        this.ticked = performance.now();
        setInterval(() => this.tick(), 1000);
    }

    /** Start the worker. */
    async start() {
        this.isReady = false;
        this.show({});
        try {
            const names = ['wasm', 'factory', 'loader', 'stdlib', 'site', 'lock'];
            const code = new Blob([await part('worker')], { type: 'text/javascript' });
            /** @type {Record<string, ArrayBuffer>} */
            const parts = {};
            for (const name of names) parts[name] = await part(name);
            const worker = new Worker(URL.createObjectURL(code));
            this.worker = worker;
            worker.onmessage = ({ data }) => this.worker === worker && this.hear(data);
            worker.onerror = (event) => this.worker === worker && this.lost(event.message);
            worker.postMessage({ kind: 'start', parts }, Object.values(parts));
        } catch (error) {
            this.lost(String(error));
        }
    }

    /**
     * Do a job, after those that were asked for before.
     * @param {string} job
     * @param {string} title
     * @param {Drop[]} drops
     * @param {Record<string, string>} options
     * @returns {Promise<Answer>}
     */
    ask(job, title, drops = [], options = {}) {
        return new Promise((resolve, reject) => {
            const more = { refused: {}, name: '', waited: 0, resolve, reject };
            this.queue.push({ id: this.next++, job, title, drops, options, ...more });
            if (this.isBroken) this.refuseAll(broken());
            else this.proceed();
        });
    }

    /** Stop the job that runs; files that were dropped stay where they are. */
    cancel() {
        const stopped = this.current;
        this.end();
        stopped?.reject(new Refusal(say('Đã dừng theo yêu cầu.', 'Stopped as asked.')));
        this.start();
    }

    /** End the worker. */
    end() {
        this.worker?.terminate();
        this.worker = null;
        this.isReady = false;
        this.current = null;
    }

    /** Begin the next job, if the engine is free. */
    proceed() {
        if (this.isReady && !this.current) {
            this.current = this.queue.shift() ?? null;
            if (this.current) this.send(this.current);
        }
        this.show({});
    }

    /** @param {Asked} asked */
    async send(asked) {
        /** @type {ArrayBuffer[]} */
        const contents = [];
        for (const { file, name } of asked.drops) {
            try {
                contents.push(await file.arrayBuffer());
            } catch {
                asked.reject(new Refusal(unreadable(name)));
                this.current = null;
                this.proceed();
                return;
            }
        }
        if (this.current !== asked || !this.worker) return;
        const files = asked.drops.map(({ file, name, role }) => {
            return { name, role, modified: file.lastModified };
        });
        const { id, job, options } = asked;
        const told = { job, options, files, language: spoken(), refused: asked.refused };
        this.worker.postMessage({ id, request: JSON.stringify(told), contents }, contents);
    }

    /** @param {any} message */
    hear(message) {
        const asked = this.current;
        if (message.kind === 'crashed') {
            this.lost(message.reason);
        } else if (message.kind === 'ready') {
            this.isReady = true;
            this.proceed();
        } else if (asked && message.id === asked.id) {
            if (message.kind === 'progress') {
                asked.name = message.name;
                asked.waited = 0;
                this.show(message);
                return;
            }
            this.current = null;
            if (message.kind === 'failed') asked.reject(new Refusal(fault(message.reason)));
            else if (message.answer.refused) {
                asked.reject(new Refusal(message.answer.refused[spoken()]));
            } else asked.resolve({ shown: message.answer.shown, outputs: message.outputs });
            this.proceed();
        }
    }

    /**
     * Begin anew after the worker is gone. The file that it worked on is refused from then on, and
     * the job is done again without it; a job that stopped elsewhere is given up.
     * @param {string} reason
     * @param {'time' | 'memory'} kind the limit that the file went over
     */
    lost(reason, kind = 'memory') {
        const asked = this.current;
        const hasStarted = this.isReady;
        this.end();
        if (!hasStarted) {
            this.isBroken = true;
            this.refuseAll(`${broken()} (${reason})`);
            this.show({});
            return;
        }
        if (asked?.name && !(asked.name in asked.refused)) {
            asked.refused[asked.name] = kind;
            asked.name = '';
            this.queue.unshift(asked);
        } else asked?.reject(new Refusal(crashed(reason)));
        this.start();
    }

    /** Count the time that one file takes. */
    tick() {
        const now = performance.now();
        const passed = Math.min((now - this.ticked) / 1000, STEP);
        this.ticked = now;
        const asked = this.current;
        if (!asked?.name) return;
        asked.waited += passed;
        if (asked.waited > LONGEST) this.lost('', 'time');
    }

    /** @param {string} reason */
    refuseAll(reason) {
        for (const asked of this.queue.splice(0)) asked.reject(new Refusal(reason));
    }

    /** @param {{done?: number, all?: number, name?: string}} progress */
    show({ done, all, name }) {
        const running = this.current ?? this.queue[0];
        const waiting = this.queue.length - (this.current ? 0 : Math.min(1, this.queue.length));
        const idle = this.isReady ? 'ready' : 'starting';
        const kind = this.isBroken ? 'broken' : this.current ? 'working' : idle;
        this.notice({ kind, title: running?.title, done, all, name, waiting });
    }
}

function broken() {
    return say(
        'Trình duyệt này không chạy được công cụ. Vui lòng mở trang bằng bản mới của Chrome, Edge, ' +
            'Cốc Cốc hoặc Firefox.',
        'This browser cannot run the tool. Please open the page in a current Chrome, Edge or Firefox.',
    );
}

/** @param {string} reason */
function crashed(reason) {
    return say(
        `Công cụ bị dừng đột ngột (${reason}) và đang khởi động lại. Các tệp đã chọn vẫn còn; vui ` +
            'lòng thử lại, với ít tệp hơn nếu máy ít bộ nhớ.',
        `The tool stopped unexpectedly (${reason}) and is starting again. The files that you chose ` +
            'are still here; please try again, with fewer files if the machine has little memory.',
    );
}

/** @param {string} reason */
function fault(reason) {
    return say(
        `Công cụ gặp lỗi (${reason}). Các tệp đã chọn vẫn còn; vui lòng thử lại hoặc báo cho người ` +
            'phụ trách.',
        `The tool failed (${reason}). The files that you chose are still here; please try again, or ` +
            'report this.',
    );
}

/** @param {string} name */
function unreadable(name) {
    return say(
        `Không đọc được tệp «${name}»: tệp đã thay đổi, bị xóa hoặc đang được chương trình khác giữ. ` +
            'Vui lòng bỏ tệp này ra rồi chọn lại.',
        `The file '${name}' cannot be read: it changed, is gone, or another program has it. Please ` +
            'remove it and choose it again.',
    );
}
