import { formatTable } from '../databases/table.ts';
import { parseCommand } from './arguments.ts';

describe('npm run events', () => {
  test.each([
    [['dead-letters'], { name: 'dead-letters', services: ['user', 'product', 'order'] }],
    [['dead-letters', '--service', 'order'], { name: 'dead-letters', services: ['order'] }],
    [['resend', '--all'], { name: 'resend', services: ['user', 'product', 'order'], ids: 'all' }],
    [['resend', 'a', 'b', '--service=product'], { name: 'resend', services: ['product'], ids: ['a', 'b'] }],
    [[], { name: 'help' }],
    [['--help'], { name: 'help' }],
  ])('%j', (args, expected) => expect(parseCommand(args)).toEqual(expected));

  test.each([
    [['resend'], /resend takes either ids or --all/],
    [['resend', 'a', '--all'], /resend takes either ids or --all/],
    [['dead-letters', 'a'], /dead-letters takes no ids/],
    [['dead-letters', '--service', 'cart'], /there is no service "cart"/],
    [['list'], /there is no command "list"/],
    [['republish'], /republish needs --since/],
    [['republish', 'a', '--since', '2h'], /republish takes no ids/],
    [['republish', '--since', 'yesterday'], /"yesterday" is neither a duration nor a time/],
    [['republish', '--since', '2026-11-20T14:30'], /neither a duration nor a time/],
    [['republish', '--since', '9999-01-01'], /is yet to come/],
    [['resend', 'a', '--since', '2h'], /resend takes no --since/],
    [['dead-letters', '--dry-run'], /dead-letters takes no --dry-run/],
    [['resend', '--everything'], /--everything/],
  ])('%j is answered with the usage', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
    expect(() => parseCommand(args)).toThrow(/npm run events -- resend --all/);
  });

  test.each([
    ['90s', '2026-11-20T14:28:30.000Z'],
    ['15m', '2026-11-20T14:15:00.000Z'],
    ['2h', '2026-11-20T12:30:00.000Z'],
    ['3d', '2026-11-17T14:30:00.000Z'],
    ['999999d', '1970-01-01T00:00:00.000Z'],
    ['2026-11-20T14:00:00Z', '2026-11-20T14:00:00.000Z'],
    ['2026-11-20T14:00+02:00', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ])('republish --since %s is %s', (since, expected) => {
    const now = new Date('2026-11-20T14:30:00Z');
    expect(parseCommand(['republish', '--since', since, '--service', 'order', '--type', 't'], now)).toEqual({
      name: 'republish',
      services: ['order'],
      filter: { since: new Date(expected), type: 't' },
      isDryRun: false,
    });
  });

  test('prints columns of equal width', () => {
    expect(
      formatTable(
        ['ID', 'ERROR'],
        [
          ['1', 'two\n lines'],
          ['234', ''],
        ],
      ),
    ).toBe('ID   ERROR\n1    two lines\n234');
  });
});
