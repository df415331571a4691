import { recordingLogger } from '../test/fixtures/recording-logger.ts';
import { Outage } from './outage.ts';

test('logs an outage when it begins, when its reason changes, and when it ends', () => {
  const logger = recordingLogger();
  const outage = new Outage(logger, 'publishing');
  outage.ends();
  for (let attempt = 0; attempt < 100; attempt += 1) outage.begins(new Error('refused'));
  outage.begins({ code: '503', api_error: { description: 'maximum bytes exceeded' } });
  outage.begins({ code: '503' });
  outage.ends();
  outage.ends();
  expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn publishing failing: refused',
    'warn publishing failing: maximum bytes exceeded',
    'warn publishing failing: no stream stores the subject, or JetStream is not up',
    'info publishing working again',
  ]);
});
