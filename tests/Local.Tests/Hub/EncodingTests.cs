using System.Buffers.Binary;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using CsCheck;
using Proofgate.Local.Hub;

namespace Proofgate.Local.Tests.Hub;

/// <summary>What the broker reads of encoded messages and frames, and that it survives what is none.</summary>
public sealed class EncodingTests
{
    private static readonly byte[] Example = Encode();

    [Fact]
    public void Event_IsDeliveredAsItWasSent_WithTheServicesAnnotations()
    {
        var stored = StoredEvent.TryMake(Example, "key")!;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);
        var delivered = StoredEvent.Deliver(stored, 7, at, null);
        var message = Message.Decode(new ByteBuffer(delivered, 0, delivered.Length, delivered.Length));
        Assert.Equal("key", message.MessageAnnotations[new Symbol("x-opt-partition-key")]);
        Assert.Equal("mine", message.MessageAnnotations[new Symbol("own")]);
        Assert.Equal(7L, message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);
        Assert.Equal("1792", message.MessageAnnotations[new Symbol("x-opt-offset")]);
        Assert.Equal(at.UtcDateTime, message.MessageAnnotations[new Symbol("x-opt-enqueued-time")]);
        Assert.Equal("subject", message.Properties.Subject);
        Assert.Equal(42, message.ApplicationProperties["n"]);
        Assert.Equal([1, 2, 3], (byte[])message.Body);
        Assert.True(message.Header.Durable);
        Assert.Null(message.DeliveryAnnotations);
    }

    [Fact]
    public void Event_CannotBringTheServicesAnnotations()
    {
        var stored = StoredEvent.TryMake(Example, null)!;
        Assert.DoesNotContain("999", Convert.ToHexString(stored), StringComparison.Ordinal);
        var message = Message.Decode(new ByteBuffer(stored, 0, stored.Length, stored.Length));
        Assert.Equal("mine", message.MessageAnnotations[new Symbol("own")]);
        Assert.Null(message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);
    }

    /// <summary>Whatever bytes come: they are stored or not, and nothing else happens.</summary>
    [Fact]
    public void Bytes_AreAMessageOrNot_AndNeverAnException() =>
        Gen.Select(Gen.Int[0, Example.Length - 1].Array[0, 6], Gen.Byte.Array[6], Gen.Int[0, Example.Length]).Sample((places, values, length) =>
        {
            var bytes = Example.ToArray();
            for (var i = 0; i < places.Length; i++)
                bytes[places[i]] = values[i];
            var stored = StoredEvent.TryMake(bytes.AsSpan(0, length), "k");
            if (stored is not null)
                Assert.NotEmpty(StoredEvent.Deliver(stored, 1, DateTimeOffset.UnixEpoch, null));
            if (MessageSections.TryRead(bytes, out var sections))
                MessageSections.TryReadBatch(bytes.AsSpan()[sections.Rest], out _);
        }, iter: 20_000);

    /// <summary>However a connection's bytes are cut, the same messages are unfinished.</summary>
    [Fact]
    public void Guard_CountsTheSame_HoweverBytesAreCut() =>
        Gen.Select(Gen.Select(Gen.UInt[0, 2], Gen.Bool, Gen.Int[0, 300]).Array[1, 12], Gen.Int[1, 50].Array[1, 40]).Sample((transfers, cuts) =>
        {
            var bytes = new List<byte>("AMQP\0\x1\0\0"u8.ToArray());
            var expected = new Dictionary<uint, long>();
            foreach (var (handle, more, size) in transfers)
            {
                var frame = Transfer(handle, more, size);
                bytes.AddRange(frame);
                expected[handle] = more ? expected.GetValueOrDefault(handle) + frame.Length : 0;
            }

            var memory = new MemoryBudget(1 << 20);
            var guard = new TransferGuard(memory, 1 << 20);
            var rest = bytes.ToArray().AsSpan();
            for (var i = 0; !rest.IsEmpty; i++)
            {
                var length = Math.Min(cuts[i % cuts.Length], rest.Length);
                guard.Read(rest[..length]);
                rest = rest[length..];
            }

            Assert.Equal(expected.Values.Sum(), memory.Used);
            guard.Close();
            Assert.Equal(0, memory.Used);
        }, iter: 2000);

    [Fact]
    public void Guard_EndsAMessageWithoutEnd_AndAnEmptyBudget()
    {
        Assert.Equal(ErrorCode.MessageSizeExceeded, Assert.Throws<AmqpException>(() => Feed(new TransferGuard(new MemoryBudget(1 << 20), 1000))).Error.Condition);
        Assert.Equal(ErrorCode.ResourceLimitExceeded, Assert.Throws<AmqpException>(() => Feed(new TransferGuard(new MemoryBudget(1000), 1 << 20))).Error.Condition);

        static void Feed(TransferGuard guard)
        {
            guard.Read("AMQP\0\x1\0\0"u8);
            for (var i = 0; i < 10; i++)
                guard.Read(Transfer(0, more: true, 200));
        }
    }

    [Theory]
    [InlineData("x-opt-offset > '-1'", "Offset", -1, false)]
    [InlineData("x-opt-offset > '@latest'", "Latest", 0, false)]
    [InlineData("x-opt-offset >= 512", "Offset", 512, true)]
    [InlineData("x-opt-sequence-number > 5", "SequenceNumber", 5, false)]
    [InlineData("x-opt-enqueued-time > '1800000000000'", "Time", 1800000000000, false)]
    public void Position_IsRead(string expression, string kind, long value, bool inclusive) =>
        Assert.Equal(new StartPosition(Enum.Parse<StartKind>(kind), value, inclusive), StartPosition.TryParse($"amqp.annotation.{expression}"));

    [Theory]
    [InlineData("")]
    [InlineData("amqp.annotation.x-opt-offset < 1")]
    [InlineData("amqp.annotation.x-opt-offset > '1")]
    [InlineData("amqp.annotation.x-opt-sequence-number > '@latest'")]
    [InlineData("amqp.annotation.x-opt-sequence-number > 9223372036854775807")]
    [InlineData("amqp.annotation.x-opt-sequence-number > 99999999999999999999")]
    [InlineData("amqp.annotation.x-opt-partition-key > 1")]
    [InlineData("amqp.annotation.x-opt-offset > 1 or 1 = 1")]
    public void Position_IsNone(string expression) => Assert.Null(StartPosition.TryParse(expression));

    [Theory]
    [InlineData(-1, false, 0)]
    [InlineData(-1, true, 0)]
    [InlineData(0, false, 1)]
    [InlineData(0, true, 0)]
    [InlineData(256, true, 1)]
    [InlineData(256, false, 2)]
    [InlineData(257, true, 2)]
    [InlineData(257, false, 2)]
    public void Offset_MeansTheFirstRecordFromIt(long offset, bool inclusive, long sequence) => Assert.Equal(sequence, HubOffset.FirstFrom(offset, inclusive));

    [Theory]
    [InlineData("audit", "audit", null, null)]
    [InlineData("/audit/partitions/1", "audit", null, "1")]
    [InlineData("amqps://127.0.0.1/audit/ConsumerGroups/$Default/Partitions/0", "audit", "$Default", "0")]
    public void Address_IsRead(string text, string hub, string? group, string? partition) =>
        Assert.Equal(new HubAddress(hub, group, partition), HubAddress.TryParse(HubAddress.Normalize(text)));

    [Theory]
    [InlineData(null)]
    [InlineData("/")]
    [InlineData("audit/Publishers/x")]
    [InlineData("audit/ConsumerGroups/$Default")]
    [InlineData("audit/Partitions/0/more")]
    public void Address_IsNone(string? text) => Assert.Null(HubAddress.TryParse(HubAddress.Normalize(text)));

    private static byte[] Encode()
    {
        var message = new Message
        {
            Header = new Header { Durable = true },
            DeliveryAnnotations = new DeliveryAnnotations(),
            MessageAnnotations = new MessageAnnotations(),
            Properties = new Properties { Subject = "subject" },
            ApplicationProperties = new ApplicationProperties(),
            BodySection = new Data { Binary = [1, 2, 3] },
        };
        message.DeliveryAnnotations[new Symbol("for the next hop")] = 1;
        message.MessageAnnotations[new Symbol("own")] = "mine";
        message.MessageAnnotations[new Symbol("x-opt-sequence-number")] = 999L;
        message.ApplicationProperties["n"] = 42;
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    /// <summary>A frame on channel 0: handle, delivery id, tag, format, settled, more, and so much payload.</summary>
    private static byte[] Transfer(uint handle, bool more, int size)
    {
        byte[] fields = [0x52, (byte)handle, 0x43, 0xa0, 1, 9, 0x43, 0x42, (byte)(more ? 0x41 : 0x42)];
        byte[] performative = [0x00, 0x53, 0x14, 0xc0, (byte)(fields.Length + 1), 6, .. fields];
        var frame = new byte[8 + performative.Length + size];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        frame[4] = 2;
        performative.CopyTo(frame, 8);
        return frame;
    }
}
