import { describeImport } from './run-import.ts';

const nothing = { created: 0, updated: 0, unchanged: 2, refused: 0, categories: 0 };

test.each([
  [{}, false, 'Everything is there already: nothing was changed.'],
  [{ created: 1 }, false, 'Done.'],
  [{ updated: 1 }, false, 'Done.'],
  [{ categories: 1 }, false, 'Done.'],
  [{ created: 1, refused: 1 }, false, 'The rows above were refused.'],
  [{ created: 1, refused: 1 }, true, 'This was a dry run: nothing was changed.'],
])('an import with %j (dry run: %s) ends with: %s', (counts, isDryRun, conclusion) => {
  expect(describeImport({ ...nothing, ...counts }, isDryRun).split('\n')[1]).toContain(conclusion);
});
