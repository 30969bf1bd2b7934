// @ts-nocheck: Pyodide's own types are of modules, and a worker of a page opened from a folder
// must be a classic script; tests run it in real browsers.
//
// Runs Python beside the page. All that it needs arrives in the first message; it fetches nothing.
'use strict';

// Pyodide refuses classic workers, which it knows by a working importScripts. Chromium starts no
// other kind from a page opened from a folder.
self.importScripts = () => {
    throw new Error('unused');
};

let desk;
let python;
let PythonError;

const say = (kind, data = {}, transfer = []) => self.postMessage({ kind, ...data }, transfer);

async function start({ parts }) {
    const module = (bytes) => URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
    const inside = {
        'pyodide.asm.wasm': [parts.wasm, 'application/wasm'],
        'python_stdlib.zip': [parts.stdlib, 'application/zip'],
    };
    // The only "network": what is in the page.
    self.fetch = async (address) => {
        const name = String(address.url || address)
            .split('/')
            .pop();
        if (!(name in inside)) throw new Error(`nothing is fetched: ${name}`);
        const [bytes, type] = inside[name];
        return new Response(bytes, { headers: { 'content-type': type } });
    };
    const { loadPyodide } = await import(module(parts.loader));
    const { default: factory } = await import(module(parts.factory));
    const nowhere = 'https://inside.invalid/';
    python = await loadPyodide({
        indexURL: nowhere,
        packageBaseUrl: nowhere,
        createPyodideModule: factory,
        lockFileContents: new TextDecoder().decode(parts.lock),
        stdout: () => {},
        stderr: () => {},
        env: { HOME: '/home/pyodide' },
    });
    python.unpackArchive(parts.site, 'zip', { extractDir: '/lib/site' });
    python.runPython("import sys; sys.path.insert(0, '/lib/site')");
    // Asked for now: after a crash Pyodide answers nothing any more.
    ({ PythonError } = python.ffi);
    desk = python.pyimport('kdcl_xl.page.desk');
    say('ready');
}

function answer({ id, request, contents }) {
    const given = python.toPy(contents.map((bytes) => new Uint8Array(bytes)));
    const report = (done, all, name) => say('progress', { id, done, all, name });
    const found = desk.answer(request, given, report);
    const outputs = [];
    for (const output of found.get(1)) {
        outputs.push({ name: output.name, bytes: output.content.toJs().slice().buffer });
    }
    say(
        'answered',
        { id, answer: JSON.parse(found.get(0)), outputs },
        outputs.map((o) => o.bytes),
    );
    found.destroy();
    given.destroy();
}

self.onmessage = async ({ data }) => {
    try {
        if (data.kind === 'start') await start(data);
        else answer(data);
    } catch (error) {
        // After a Python exception the engine goes on; after any other it may not.
        const isAlive = Boolean(PythonError && error instanceof PythonError);
        const lines = String((error && error.message) || error)
            .trim()
            .split('\n');
        const reason = isAlive ? lines.pop() : lines[0];
        say(isAlive ? 'failed' : 'crashed', { id: data.id, reason });
    }
};
