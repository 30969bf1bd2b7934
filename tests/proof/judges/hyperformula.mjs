// Computes workbooks with HyperFormula: one line of JSON in, one line of JSON out.
// In: {names: {name: formula}, sheets: {name: rows of contents}}; out: rows of values by sheet.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const { HyperFormula, DetailedCellError } = createRequire(import.meta.url)(process.argv[2]);

const options = {
  licenseKey: 'gpl-v3',
  useArrayArithmetic: true,
  caseSensitive: false,
  accentSensitive: true,
  localeLang: 'en-US',
  // Excel's names of sheets, rows and columns, and its day 60 of 1900.
  leapYear1900: true,
  nullDate: { year: 1899, month: 12, day: 31 },
  // Numbers are compared as they are: the formulas round to the 15 digits of Excel themselves.
  smartRounding: false,
  useWildcards: true,
  matchWholeCell: true,
};

function plain(value) {
  if (value instanceof DetailedCellError) return { error: value.value };
  return value;
}

// Amounts in the format 0\.000\.000: HyperFormula asks here before its own formats, which know no escapes.
function grouped(value, format) {
  if (!/^0(\\\.000)+$/.test(format)) return undefined;
  const zeros = format.replaceAll('\\.', '').length;
  const digits = String(Math.round(Math.abs(value))).padStart(zeros, '0');
  return (value <= -0.5 ? '-' : '') + digits.replace(/\B(?=(\d{3})+$)/g, '.');
}

function computed({ names, sheets, escapes }) {
  const engine = HyperFormula.buildEmpty(escapes ? { ...options, stringifyCurrency: grouped } : options);
  try {
    for (const name of Object.keys(sheets)) engine.addSheet(name);
    for (const [name, formula] of Object.entries(names)) engine.addNamedExpression(name, '=' + formula);
    engine.suspendEvaluation();
    for (const [name, rows] of Object.entries(sheets)) engine.setSheetContent(engine.getSheetId(name), rows);
    engine.resumeEvaluation();
    return Object.fromEntries(Object.entries(sheets).map(([name, rows]) => {
      const sheet = engine.getSheetId(name);
      return [name, rows.map((row, r) => row.map((_, c) => plain(engine.getCellValue({ sheet, row: r, col: c }))))];
    }));
  } finally {
    engine.destroy();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(computed(JSON.parse(line))) + '\n');
}
