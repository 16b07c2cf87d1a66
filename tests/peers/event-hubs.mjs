// @azure/event-hubs against the local hub: node event-hubs.mjs <connection string> <hub> <scenario...>
// One line for each scenario: "ok NAME" or "FAILED NAME: why". The exit code is the number of failures.
//
// Times are short by option: a send in flight when a broker dies waits its whole timeoutInMs before it is tried again, a subscriber its
// maxWaitTimeInSeconds, and after a forced detach retryDelayInMs (60 s, 60 s and 30 s else).

import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import {
  EventHubBufferedProducerClient, EventHubConsumerClient, EventHubProducerClient, earliestEventPosition, latestEventPosition,
} from '@azure/event-hubs';

const [connection, hub, ...wanted] = process.argv.slice(2);
const retryOptions = { timeoutInMs: 2000, maxRetries: 30, retryDelayInMs: 100, maxRetryDelayInMs: 200 };
const once = { timeoutInMs: 5000, maxRetries: 0, retryDelayInMs: 100 };
const defaultGroup = EventHubConsumerClient.defaultConsumerGroupName;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function withProducer(work, options = { retryOptions }, text = connection, name = hub) {
  const producer = new EventHubProducerClient(text, name, options);
  try {
    return await work(producer);
  } finally {
    await producer.close();
  }
}

// Events of one partition from a position, until there are so many or nothing comes for a while.
async function receive(partition, startPosition, count, { group = defaultGroup, quiet = false, ...options } = {}) {
  const consumer = new EventHubConsumerClient(group, connection, hub, { retryOptions });
  const events = [];
  try {
    await new Promise((resolve, reject) => {
      const patience = setTimeout(() => (quiet ? resolve() : reject(new Error(`${events.length} of ${count} events came`))), quiet ? 1000 : 15000);
      consumer.subscribe(partition, {
        processEvents: async (received, context) => {
          for (const event of received) events.push({ ...event, last: context.lastEnqueuedEventProperties });
          if (!quiet && events.length >= count) {
            clearTimeout(patience);
            resolve();
          }
        },
        processError: async (error) => {
          clearTimeout(patience);
          reject(error);
        },
      }, { startPosition, maxBatchSize: 50, maxWaitTimeInSeconds: 1, ...options });
    });
  } finally {
    await consumer.close();
  }
  return events;
}

async function failure(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

const bodies = (events) => events.map((event) => event.body);
const end = async (producer, partition) => (await producer.getPartitionProperties(partition)).lastEnqueuedSequenceNumber;

// Sends each to one partition and returns the sequence number of the first.
const sendTo = (partition, events) => withProducer(async (producer) => {
  const first = (await end(producer, partition)) + 1;
  await producer.sendBatch(events, { partitionId: partition });
  return first;
});

const scenarios = {
  async Properties() {
    await withProducer(async (producer) => {
      const properties = await producer.getEventHubProperties();
      assert.equal(properties.name, hub);
      assert.deepEqual(properties.partitionIds, await producer.getPartitionIds());
      assert.deepEqual(properties.partitionIds, ['0', '1']);
      assert.ok(Math.abs(Date.now() - properties.createdOn) < 600_000);
      const first = await sendTo('0', [{ body: 'x' }]);
      const partition = await producer.getPartitionProperties('0');
      assert.equal(partition.lastEnqueuedSequenceNumber, first);
      assert.equal(partition.isEmpty, false);
      assert.ok(Math.abs(Date.now() - partition.lastEnqueuedOnUtc) < 60_000);
    });
  },

  async Single() {
    const event = {
      body: { text: 'ä€', list: [1, null, true] }, contentType: 'application/json', correlationId: 'c', messageId: 'm',
      properties: { a: 1, b: 'two', c: true, d: new Date(86_400_000) },
    };
    const sent = [event, { body: Buffer.from([0, 255]) }, { body: 'value', bodyType: 'value' }, { body: [1, 'two'], bodyType: 'sequence' }, { body: '' }];
    const first = (await withProducer((p) => end(p, '0'))) + 1;
    for (const one of sent) await sendTo('0', [one]);
    const got = await receive('0', { sequenceNumber: first, isInclusive: true }, sent.length);
    assert.deepEqual(got[0].body, event.body);
    // This client gives a time back as milliseconds.
    assert.deepEqual(got[0].properties, { ...event.properties, d: 86_400_000 });
    assert.deepEqual([got[0].contentType, got[0].correlationId, got[0].messageId], ['application/json', 'c', 'm']);
    assert.deepEqual(got[1].body, Buffer.from([0, 255]));
    assert.deepEqual(bodies(got.slice(2)), ['value', [1, 'two'], '']);
    assert.deepEqual(got.map((e) => e.sequenceNumber), sent.map((_, i) => first + i));
  },

  async Batch() {
    await withProducer(async (producer) => {
      const first = (await end(producer, '1')) + 1;
      const batch = await producer.createBatch({ partitionId: '1' });
      assert.equal(batch.maxSizeInBytes, 1024 * 1024);
      let count = 0;
      while (batch.tryAdd({ body: `${count} ${'x'.repeat(1000)}` })) count++;
      assert.ok(count > 900);
      await producer.sendBatch(batch);
      const got = await receive('1', { sequenceNumber: first, isInclusive: true }, count);
      assert.deepEqual(got.map((e) => Number(e.body.split(' ')[0])), [...Array(count).keys()]);
    });
  },

  async TooLarge() {
    const error = await failure(() => withProducer((p) => p.sendBatch([{ body: Buffer.alloc(1_200_000) }]), { retryOptions: once }));
    assert.equal(error.code, 'MessageTooLargeError');
    // The link goes on.
    await sendTo('0', [{ body: 'after' }]);
  },

  async PartitionKey() {
    const { mapPartitionKeyToId } = await import(new URL('node_modules/@azure/event-hubs/dist/esm/impl/partitionKeyToIdMapper.js', import.meta.url));
    await withProducer(async (producer) => {
      const before = [await end(producer, '0'), await end(producer, '1')];
      const sent = [[], []];
      for (let i = 0; i < 40; i++) {
        const key = 'k'.repeat(i % 30) + i;
        const partition = mapPartitionKeyToId(key, 2);
        if (i % 2) await producer.sendBatch([{ body: i }, { body: -i }], { partitionKey: key });
        else {
          const batch = await producer.createBatch({ partitionKey: key });
          batch.tryAdd({ body: i });
          batch.tryAdd({ body: -i });
          await producer.sendBatch(batch);
        }
        sent[partition].push([i, key], [-i, key]);
      }
      for (const p of [0, 1]) {
        assert.ok(sent[p].length > 0);
        const got = await receive(`${p}`, { sequenceNumber: before[p] }, sent[p].length);
        assert.deepEqual(got.map((e) => [e.body === 0 ? 0 : e.body, e.partitionKey]), sent[p].map(([b, k]) => [b === 0 ? 0 : b, k]));
      }
    });
  },

  async PartitionId() {
    const [zero, one] = [await sendTo('0', [{ body: 'to 0' }]), await sendTo('1', [{ body: 'to 1' }])];
    assert.deepEqual(bodies(await receive('0', { sequenceNumber: zero, isInclusive: true }, 1)), ['to 0']);
    assert.deepEqual(bodies(await receive('1', { sequenceNumber: one, isInclusive: true }, 1)), ['to 1']);
  },

  async Positions() {
    const a = await sendTo('0', [{ body: 'a' }]);
    await wait(20);
    await sendTo('0', [{ body: 'b' }, { body: 'c' }]);
    const all = await receive('0', { sequenceNumber: a, isInclusive: true }, 3);
    assert.deepEqual(bodies(all), ['a', 'b', 'c']);
    const [first, second] = all;
    assert.notEqual(String(first.offset), String(first.sequenceNumber));
    const earliest = await receive('0', earliestEventPosition, a + 3);
    assert.equal(earliest[0].sequenceNumber, 0);
    assert.deepEqual(bodies(earliest.slice(-3)), ['a', 'b', 'c']);
    assert.deepEqual(bodies(await receive('0', { sequenceNumber: a }, 2)), ['b', 'c']);
    assert.deepEqual(bodies(await receive('0', { offset: first.offset }, 2)), ['b', 'c']);
    assert.deepEqual(bodies(await receive('0', { offset: first.offset, isInclusive: true }, 3)), ['a', 'b', 'c']);
    assert.deepEqual(bodies(await receive('0', { enqueuedOn: first.enqueuedTimeUtc }, 2)), ['b', 'c']);
    assert.deepEqual(bodies(await receive('0', { enqueuedOn: new Date(first.enqueuedTimeUtc - 1) }, 3)).slice(-3), ['a', 'b', 'c']);
    assert.deepEqual(bodies(await receive('0', { enqueuedOn: new Date(second.enqueuedTimeUtc.getTime() + 60_000) }, 0, { quiet: true })), []);
    assert.deepEqual(bodies(await receive('0', { sequenceNumber: a + 2 }, 0, { quiet: true })), []);
    const later = receive('0', latestEventPosition, 1);
    await wait(500);
    await sendTo('0', [{ body: 'd' }]);
    assert.deepEqual(bodies(await later), ['d']);
  },

  async ConsumerGroups() {
    const first = await sendTo('1', [{ body: 1 }, { body: 2 }, { body: 3 }]);
    const at = { sequenceNumber: first, isInclusive: true };
    const both = await Promise.all([receive('1', at, 3), receive('1', at, 3, { group: 'history' })]);
    assert.deepEqual(both.map(bodies), [[1, 2, 3], [1, 2, 3]]);
  },

  async Epochs() {
    const errors = { low: [], high: [] };
    const got = [];
    const clients = [];
    const subscribe = (name, ownerLevel) => {
      const client = new EventHubConsumerClient(defaultGroup, connection, hub, { retryOptions: { ...once, retryDelayInMs: 50 } });
      clients.push(client);
      client.subscribe('0', {
        processEvents: async (events) => {
          if (name === 'high') got.push(...bodies(events));
        },
        processError: async (error) => errors[name].push(error.code ?? error.message),
      }, { startPosition: latestEventPosition, ownerLevel, maxWaitTimeInSeconds: 1 });
    };
    try {
      subscribe('low', 1);
      await wait(700);
      assert.deepEqual(errors.low, []);
      subscribe('high', 2);
      for (let i = 0; i < 50 && errors.low.length === 0; i++) await wait(100);
      assert.equal(errors.low[0], 'ReceiverDisconnectedError');
      for (const ownerLevel of [1, undefined]) {
        const refused = await failure(() => receive('0', latestEventPosition, 1, { ownerLevel }));
        assert.equal(refused.code, 'ReceiverDisconnectedError');
      }
      await sendTo('0', [{ body: 'for the higher one' }]);
      for (let i = 0; i < 50 && got.length === 0; i++) await wait(100);
      assert.deepEqual(got, ['for the higher one']);
      assert.deepEqual(errors.high, []);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
  },

  async Checkpoints() {
    const store = new Store();
    const total = 200;
    const before = await withProducer(async (producer) => {
      const ends = Object.fromEntries(await Promise.all(['0', '1'].map(async (p) => [p, { sequenceNumber: await end(producer, p) }])));
      for (let i = 0; i < total; i += 10) await producer.sendBatch(Array.from({ length: 10 }, (_, j) => ({ body: i + j })), { partitionKey: `${i}` });
      return ends;
    });
    const seen = [];
    const consume = async (until) => {
      const client = new EventHubConsumerClient(defaultGroup, connection, hub, store, { retryOptions, loadBalancingOptions: { updateIntervalInMs: 200, strategy: 'greedy' } });
      await new Promise((resolve, reject) => client.subscribe({
        processEvents: async (events, context) => {
          if (events.length === 0 || seen.length >= until) return;
          seen.push(...bodies(events));
          await context.updateCheckpoint(events.at(-1));
          if (seen.length >= until) resolve();
        },
        processError: async (error) => reject(error),
      }, { startPosition: before, maxBatchSize: 10, maxWaitTimeInSeconds: 1 }));
      await client.close();
    };
    await consume(60);
    const half = seen.length;
    assert.ok(half >= 60 && half < total);
    await consume(total);
    assert.deepEqual([...seen].sort((x, y) => x - y), [...Array(total).keys()]);
  },

  async Metrics() {
    const first = await sendTo('1', [{ body: 1 }, { body: 2 }]);
    const got = await receive('1', { sequenceNumber: first, isInclusive: true }, 2, { trackLastEnqueuedEventProperties: true });
    assert.equal(got[1].last.sequenceNumber, first + 1);
    assert.equal(String(got[1].last.offset), String(got[1].offset));
    assert.equal(got[1].last.enqueuedOn.getTime(), got[1].enqueuedTimeUtc.getTime());
    assert.ok(Math.abs(Date.now() - got[1].last.retrievedOn) < 60_000);
  },

  async Buffered() {
    const { mapPartitionKeyToId } = await import(new URL('node_modules/@azure/event-hubs/dist/esm/impl/partitionKeyToIdMapper.js', import.meta.url));
    const before = await withProducer(async (p) => [await end(p, '0'), await end(p, '1')]);
    const errors = [];
    const client = new EventHubBufferedProducerClient(connection, hub, {
      maxWaitTimeInMs: 50, retryOptions, onSendEventsErrorHandler: async (context) => errors.push(context.error),
    });
    const counts = [0, 0];
    for (let i = 0; i < 100; i++) {
      await client.enqueueEvent({ body: i }, { partitionKey: `${i % 7}` });
      counts[mapPartitionKeyToId(`${i % 7}`, 2)]++;
    }
    await client.close({ flush: true });
    assert.deepEqual(errors, []);
    for (const p of [0, 1]) {
      if (counts[p] === 0) continue;
      const got = bodies(await receive(`${p}`, { sequenceNumber: before[p] }, counts[p]));
      for (let key = 0; key < 7; key++) assert.deepEqual(got.filter((i) => i % 7 === key), got.filter((i) => i % 7 === key).sort((x, y) => x - y));
    }
  },

  async Errors() {
    const wrong = connection.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=another');
    assert.equal((await failure(() => withProducer((p) => p.sendBatch([{ body: 1 }]), { retryOptions: once }, wrong))).code, 'UnauthorizedError');
    assert.equal((await failure(() => withProducer((p) => p.sendBatch([{ body: 1 }]), { retryOptions: once }, connection, 'nobody'))).code, 'MessagingEntityNotFoundError');
    assert.equal((await failure(() => withProducer((p) => p.getPartitionProperties('9'), { retryOptions: once }))).code, 'ArgumentOutOfRangeError');
    assert.equal((await failure(() => withProducer((p) => p.sendBatch([{ body: 1 }], { partitionId: '9' }), { retryOptions: once }))).code, 'ArgumentOutOfRangeError');
    assert.equal((await failure(() => receive('0', earliestEventPosition, 1, { group: 'nobody' }))).code, 'MessagingEntityNotFoundError');
    assert.equal((await failure(() => receive('0', { sequenceNumber: 1_000_000_000 }, 1))).code, 'ArgumentOutOfRangeError');
  },

  // Sends until a line comes on stdin, over as many deaths of the broker as there are. Then everything that was acknowledged has to be there,
  // and the events of each lane in the order in which they were sent. Duplicates of what was not acknowledged in time are possible.
  async Survive() {
    let stop = false;
    createInterface({ input: process.stdin }).once('line', () => { stop = true; });
    const lanes = ['0', '1', '0', '1'].map((partition, lane) => ({ partition, lane, acknowledged: [] }));
    let count = 0;
    const started = await withProducer(async (p) => [await end(p, '0'), await end(p, '1')]);
    await Promise.all(lanes.map(({ partition, lane, acknowledged }) => withProducer(async (producer) => {
      for (let i = 0; !stop; i += 20) {
        const batch = Array.from({ length: 20 }, (_, j) => ({ body: { lane, i: i + j } }));
        await producer.sendBatch(batch, { partitionId: partition });
        for (let j = 0; j < 20; j++) acknowledged.push(i + j);
        count += 20;
        if (count % 1000 === 0) console.log(`sent ${count}`);
      }
    })));
    const ends = await withProducer(async (p) => [await end(p, '0'), await end(p, '1')]);
    let duplicates = 0;
    for (const p of [0, 1]) {
      const got = await receive(`${p}`, { sequenceNumber: started[p] }, ends[p] - started[p], { maxBatchSize: 500 });
      for (const { lane, acknowledged } of lanes.filter((l) => l.partition === `${p}`)) {
        const mine = got.filter((e) => e.body.lane === lane).map((e) => e.body.i);
        const first = [...new Set(mine)];
        duplicates += mine.length - first.length;
        assert.deepEqual(first, [...first].sort((x, y) => x - y), `lane ${lane} is out of order`);
        const held = new Set(first);
        assert.deepEqual(acknowledged.filter((i) => !held.has(i)), [], `lane ${lane} has lost events`);
      }
    }
    console.log(`acknowledged ${count}, duplicates ${duplicates}`);
  },
};

// Ownership and checkpoints in memory, as the client asks for them.
class Store {
  #owners = new Map();
  #checkpoints = new Map();

  async listOwnership() {
    return [...this.#owners.values()];
  }

  async claimOwnership(claims) {
    return claims.filter((claim) => {
      const now = this.#owners.get(claim.partitionId);
      return !now || now.etag === claim.etag;
    }).map((claim) => {
      const owner = { ...claim, etag: crypto.randomUUID(), lastModifiedTimeInMs: Date.now() };
      this.#owners.set(owner.partitionId, owner);
      return owner;
    });
  }

  async updateCheckpoint(checkpoint) {
    this.#checkpoints.set(checkpoint.partitionId, checkpoint);
  }

  async listCheckpoints() {
    return [...this.#checkpoints.values()];
  }
}

let failures = 0;
for (const name of wanted) {
  const started = Date.now();
  try {
    await scenarios[name]();
    console.log(`ok ${name} ${Date.now() - started} ms`);
  } catch (error) {
    failures++;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}
process.exit(failures);
