/**
 * Tables in memory, for tests that make thousands of looks. `test/exploration/memory-table.test.ts` holds them to what an emulator
 * of DynamoDB answers; the stores, the handlers and the rehearsal are tested on the emulator itself.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { apply, reply, type Rows, type TableCommand } from '../exploration/memory-table';

export class MemoryTables {
  readonly documents = {
    send: (command: TableCommand) => this.send(command),
  } as unknown as DynamoDBDocumentClient;
  private readonly tables = new Map<string, Rows>();

  create(): string {
    const name = `requests-${this.tables.size + 1}`;
    this.tables.set(name, []);
    return name;
  }

  rows(name: string): Rows {
    return this.tables.get(name) ?? [];
  }

  private async send(command: TableCommand): Promise<object> {
    // As a call over the network: what else is under way goes on meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    const name = String(command.input.TableName);
    const answer = apply(this.rows(name), command);
    this.tables.set(name, answer.rows);
    return reply(answer, command);
  }
}
