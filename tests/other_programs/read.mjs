// Reads workbooks with a library of npm and prints the texts of each sheet as JSON, by file and sheet.
// Usage: node read.mjs LIBRARY FOLDER FILE...   (FOLDER: where npm has installed the library)
import { createRequire } from "node:module";
import { join } from "node:path";

const [library, folder, ...files] = process.argv.slice(2);
const loaded = createRequire(join(folder, "here.js"))(library);

const readers = {
  async exceljs(file) {
    const book = new loaded.Workbook();
    await book.xlsx.readFile(file);
    const sheets = {};
    for (const sheet of book.worksheets) {
      const texts = (sheets[sheet.name] = []);
      sheet.eachRow((row) =>
        row.eachCell((cell) => {
          const value = cell.value?.result ?? cell.value?.richText ?? cell.value;
          if (typeof value === "string") texts.push(value);
        }),
      );
    }
    return sheets;
  },
  async xlsx(file) {
    const book = loaded.readFile(file);
    const sheets = {};
    for (const name of book.SheetNames) {
      const cells = Object.entries(book.Sheets[name]).filter(([ref]) => !ref.startsWith("!"));
      sheets[name] = cells.map(([, cell]) => cell.v).filter((value) => typeof value === "string");
    }
    return sheets;
  },
};

const found = {};
for (const file of files) found[file] = await readers[library](file);
process.stdout.write(JSON.stringify(found));
