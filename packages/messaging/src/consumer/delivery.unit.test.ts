import type { JsMsg } from 'nats';
import { StreamDelivery } from './delivery.ts';

function messageThatRecords(answers: string[]): JsMsg {
  const record = (answer: string) => () => void answers.push(answer);
  const info = { stream: 'S', streamSequence: 7, deliveryCount: 2, timestampNanos: 5 };
  return {
    subject: 't',
    data: new Uint8Array(),
    info,
    ack: record('ack'),
    working: record('working'),
    nak: record('nak'),
    term: record('term'),
  } as unknown as JsMsg;
}

test('answers a message only while the connection that delivered it is up', () => {
  const answers: string[] = [];
  const connection = new AbortController();
  const delivery = new StreamDelivery(messageThatRecords(answers), connection.signal);
  const answerAll = (): void => {
    delivery.acknowledge();
    delivery.extend();
    delivery.release(5);
    delivery.terminate();
  };
  answerAll();
  connection.abort(); // another message may have this place by now
  answerAll();
  expect(answers).toEqual(['ack', 'working', 'nak', 'term']);
});
