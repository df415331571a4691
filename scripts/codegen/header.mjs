export const header = '// Made from clients/operations and the schema by `npm run codegen`; changes belong there.\n';
