// Saves a workbook again: node resave.js PROGRAM IN OUT (NODE_PATH names the folder of packages)
const [program, source, target] = process.argv.slice(2);
const ways = {
  "xlsx": async () => { const x = require("xlsx"); x.writeFile(x.readFile(source, { cellFormula: true, cellStyles: true }), target); },
  "exceljs": async () => { const { Workbook } = require("exceljs"); const b = new Workbook(); await b.xlsx.readFile(source); await b.xlsx.writeFile(target); },
  "xlsx-populate": async () => { const b = await require("xlsx-populate").fromFileAsync(source); await b.toFileAsync(target); },
};
ways[program]().catch((fault) => { console.error(fault); process.exit(1); });
