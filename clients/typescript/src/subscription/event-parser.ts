/** One event of a server. */
export interface ServerEvent {
  /** The name of the event; `message` when the server gave none. */
  readonly type: string;
  /** The lines of `data`, joined with line feeds. */
  readonly data: string;
  /** The id of this event, or of the last event before it that had one. Empty when there was none. */
  readonly lastEventId: string;
}

/** Parses `text/event-stream` as the HTML standard describes it. The text may be cut anywhere. */
export class EventParser {
  /** The pause before the next connection that the server asks for, in milliseconds; undefined when it asks for none. */
  retryMs: number | undefined;
  #rest = '';
  #isAfterReturn = false;
  #type = '';
  #data = '';
  #lastEventId: string;

  /** @param lastEventId the id of the last event of an earlier connection */
  constructor(lastEventId = '') {
    this.#lastEventId = lastEventId;
  }

  /** @param text the next part, decoded and without a byte order mark */
  parse(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    // CR and LF may come in two parts. Together they are one end of a line.
    const added = this.#isAfterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#isAfterReturn = text.endsWith('\r');
    const lines = (this.#rest + added).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#readField(line);
      else if (this.#data !== '') events.push(this.#takeEvent());
      else this.#type = '';
    }
    return events;
  }

  #takeEvent(): ServerEvent {
    const event = { type: this.#type || 'message', data: this.#data.slice(0, -1), lastEventId: this.#lastEventId };
    this.#type = '';
    this.#data = '';
    return event;
  }

  #readField(line: string): void {
    const colon = line.indexOf(':');
    // A comment, with which servers keep a connection alive.
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.#type = value;
    else if (name === 'data') this.#data += `${value}\n`;
    else if (name === 'id' && !value.includes('\0')) this.#lastEventId = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }
}
