import { changeTask, openTask, type Task } from './task.ts';
import { hasEnded, nextStatuses, taskStatuses } from './task-status.ts';

const created = new Date('2026-01-01');
const at = new Date('2026-01-02');
const task: Task = openTask(
  {
    id: 'task',
    projectId: 'project',
    title: 'Count the stock',
    description: null,
    priority: 'NORMAL',
    dueAt: new Date('2026-02-01'),
    assigneeId: null,
    creatorId: 'ada',
    orderId: null,
    productId: null,
  },
  { key: 'OPS', number: 17 },
  created,
);
const allMoves = taskStatuses.flatMap((from) => taskStatuses.map((to) => [from, to] as const));
const withStatus = (status: Task['status']): Task => ({
  ...task,
  status,
  completedAt: status === 'DONE' ? created : null,
});

test('a new task is TODO and has its number', () => {
  expect(task).toMatchObject({ key: 'OPS-17', status: 'TODO', version: 1, completedAt: null });
});

test.each(allMoves)('from %s to %s, as the table says', (from, to) => {
  const decision = changeTask(withStatus(from), { status: to }, at);
  if (from === to) return expect(decision).toEqual({ kind: 'unchanged' });
  if (!nextStatuses[from].includes(to)) return expect(decision).toEqual({ kind: 'impossible-status', from, to });
  return expect(decision).toMatchObject({
    kind: 'changed',
    task: { status: to, version: 2, updatedAt: at, completedAt: to === 'DONE' ? at : null },
  });
});

test('exactly the moves between statuses of tasks that have ended, and back to BLOCKED, are refused', () => {
  const refused = allMoves.filter(([from, to]) => from !== to && !nextStatuses[from].includes(to));
  const toOther = (from: Task['status']) =>
    taskStatuses.filter((to) => to !== from && (hasEnded(to) || to === 'BLOCKED'));
  expect(refused).toEqual(taskStatuses.filter(hasEnded).flatMap((from) => toOther(from).map((to) => [from, to])));
});

test.each([
  ['title', { title: 'Count again' }],
  ['description', { description: 'Slowly.' }],
  ['priority', { priority: 'URGENT' }],
  ['dueAt', { dueAt: null }],
  ['assigneeId', { assigneeId: 'ben' }],
] as const)('%s changes alone', (_field, change) => {
  expect(changeTask(task, change, at)).toEqual({
    kind: 'changed',
    task: { ...task, ...change, version: 2, updatedAt: at },
  });
});

test('equal values and absent ones change nothing', () => {
  const change = { title: task.title, dueAt: new Date(task.dueAt ?? 0), description: null, assigneeId: undefined };
  expect(changeTask(task, change, at)).toEqual({ kind: 'unchanged' });
});

test('another field of a task that is DONE keeps the time of its completion', () => {
  expect(changeTask(withStatus('DONE'), { title: 'Counted' }, at)).toMatchObject({ task: { completedAt: created } });
});
