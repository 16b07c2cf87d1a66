using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Streaming;

namespace Proofgate.Local.Hub;

/// <summary>One hub: partitions in the files of the embedded stream, and who reads them.</summary>
internal sealed class HubEntity : IAsyncDisposable
{
    internal const string DefaultGroup = "$Default";

    /// <summary>What a record takes beside its event, at most.</summary>
    private const long FrameBytes = 32;

    private readonly HubOptions _options;
    private readonly HashSet<string> _groups;
    private readonly ConcurrentDictionary<(string Group, int Partition), ReceiverSeats> _seats = new();

    private HubEntity(string name, HubOptions options, EmbeddedStream stream)
    {
        Name = name;
        Stream = stream;
        _options = options;
        _groups = new HashSet<string>(options.ConsumerGroups.Append(DefaultGroup), StringComparer.OrdinalIgnoreCase);
    }

    internal string Name { get; }

    internal EmbeddedStream Stream { get; }

    /// <exception cref="LocalSetupException">The folder is in use, or cannot be read.</exception>
    internal static HubEntity Open(string name, HubOptions options, TimeProvider time, ILoggerFactory logs)
    {
        var settings = new AuditOptions
        {
            DataPath = Path.Combine(options.DataFolder, name),
            Partitions = options.Partitions,
            MaxDiskBytes = options.MaxDiskBytes,
            SegmentBytes = options.SegmentBytes,
            Retention = options.Retention,
        };
        try
        {
            return new HubEntity(name, options, new EmbeddedStream(Options.Create(settings), time, logs.CreateLogger<EmbeddedStream>()));
        }
        catch (EmbeddedStreamException e)
        {
            throw new LocalSetupException($"The hub {name} cannot be opened in {settings.DataPath}. Another local hub may run on it: end that one, or choose another folder. ({e.InnerException?.Message ?? e.Message})", e);
        }
    }

    internal bool TryParsePartition(string? text, out int partition) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out partition) && partition < Stream.Partitions;

    internal string NoPartition(string? text) => $"The specified partition '{text}' is invalid for the hub {Name}, which has {Stream.Partitions} partitions.";

    internal ReceiverSeats? TryGetSeats(string group, int partition) => _groups.Contains(group)
        ? _seats.GetOrAdd((group.ToUpperInvariant(), partition), static _ => new ReceiverSeats())
        : null;

    /// <summary>Completes when the events are on disk.</summary>
    /// <exception cref="HubRefusalException">Surely not stored, and why.</exception>
    internal async Task AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        try
        {
            await Stream.AppendAsync(partition, events, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new HubRefusalException(HubErrors.TooLarge(events.Sum(static b => (long)b.Length), _options.MaxMessageBytes), e);
        }
        catch (AuditUnavailableException e) when (Stream.UsedBytes + events.Sum(static e => e.Length + FrameBytes) > _options.MaxDiskBytes)
        {
            throw new HubRefusalException(
                HubErrors.Full(FormattableString.Invariant(
                    $"The hub {Name} is full: {Stream.UsedBytes} of {_options.MaxDiskBytes} bytes are used. Records leave it after {_options.Retention:c}. Delete {Path.Combine(_options.DataFolder, Name)} to begin anew, or start with a larger --hub-disk-mb.")),
                e);
        }
        catch (AuditUnavailableException e)
        {
            throw new HubRefusalException(HubErrors.ServerBusy("The disk is slow or refuses writes. Try again."), e);
        }
    }

    /// <summary>The first record of a partition that a position means.</summary>
    /// <exception cref="HubRefusalException">There is no such place.</exception>
    internal async Task<long> ResolveAsync(int partition, StartPosition position, CancellationToken cancellationToken)
    {
        var range = Stream.RangeOf(partition);
        var first = position.Kind switch
        {
            StartKind.Latest => range.Next,
            StartKind.Offset => HubOffset.FirstFrom(position.Value, position.IsInclusive),
            StartKind.SequenceNumber => position.IsInclusive ? position.Value : position.Value + 1,
            _ => await SearchAsync(partition, range, position, cancellationToken).ConfigureAwait(false),
        };
        return first <= range.Next
            ? Math.Max(first, range.First)
            : throw new HubRefusalException(HubErrors.OutOfRange(FormattableString.Invariant(
                $"The supplied position is invalid. The last sequence number in the partition is '{range.Next - 1}'.")));
    }

    /// <summary>Whole files that are older than the retention go.</summary>
    internal void Retain()
    {
        for (var partition = 0; partition < Stream.Partitions; partition++)
            Stream.Release(partition, Stream.RangeOf(partition).Next - 1);
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    /// <summary>Times rise with the records, as far as the clock does.</summary>
    private async Task<long> SearchAsync(int partition, StreamRange range, StartPosition position, CancellationToken cancellationToken)
    {
        var (low, high) = (range.First, range.Next);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var found = await Stream.ReadAgainAsync(partition, middle, middle + 1, cancellationToken).ConfigureAwait(false);
            var isBefore = found.Count == 0 || found[0].EnqueuedAt.ToUnixTimeMilliseconds() is var at && (position.IsInclusive ? at < position.Value : at <= position.Value);
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
