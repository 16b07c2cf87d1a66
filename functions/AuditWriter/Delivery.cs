using System.Globalization;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Audit.Streaming;

namespace Proofgate.AuditWriter;

/// <summary>Reads what the trigger delivers.</summary>
internal static class Delivery
{
    /// <summary>The host gives the partition as JSON beside the events, not with them.</summary>
    internal static int PartitionOf(FunctionContext context)
    {
        using var partition = JsonDocument.Parse((string)context.BindingContext.BindingData["PartitionContext"]!);
        return int.Parse(partition.RootElement.GetProperty("PartitionId").GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    internal static StreamRecord[] RecordsOf(EventData[] events) => [.. events.Select(RecordOf)];

    internal static StreamRecord RecordOf(EventData data) => new(data.SequenceNumber, data.EnqueuedTime, data.EventBody.ToMemory());
}
