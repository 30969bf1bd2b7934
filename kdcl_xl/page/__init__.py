"""The program behind the page in the browser: bytes of dropped files in, JSON and files out.

The page itself is in the folder ``web/`` of the repository. Its worker calls :mod:`.desk` in
Pyodide; nothing here knows a browser, so that tests call the same functions.
"""
