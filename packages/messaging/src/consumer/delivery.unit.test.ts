import type { JsMsg } from 'nats';
import { Delivery } from './delivery.ts';

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

test('an answer is sent over the connection that the message came over, and over no later one', () => {
  const answers: string[] = [];
  const connection = new AbortController();
  const delivery = new Delivery(messageThatRecords(answers), connection.signal);
  const answerAll = (): void => {
    delivery.acknowledge();
    delivery.extend();
    delivery.release(5);
    delivery.terminate();
  };
  answerAll();
  connection.abort(); // the place may be another message's by now
  answerAll();
  expect(answers).toEqual(['ack', 'working', 'nak', 'term']);
});
