using Proofgate.Audit.Events;

namespace Proofgate.Http.Tests.Faults;

/// <summary>One cell of the matrix, and what must come of it.</summary>
internal sealed record FaultCell(Speech Speech, bool Streaming, UpstreamFault Fault, ClientConduct Conduct)
{
    /// <summary>Every combination that says something.</summary>
    internal static IReadOnlyList<FaultCell> All { get; } =
    [
        .. from speech in Speech.All
           from streaming in new[] { true, false }
           from fault in Enum.GetValues<UpstreamFault>()
           from conduct in Enum.GetValues<ClientConduct>()
           let cell = new FaultCell(speech, streaming, fault, conduct)
           where cell.MakesSense
           select cell,
    ];

    /// <summary>The result in the ledger.</summary>
    internal string Result => Conduct is ClientConduct.LeavesBeforeHeaders or ClientConduct.LeavesAfterHeaders or ClientConduct.LeavesMidway or ClientConduct.StopsReading
        ? "client_aborted"
        : Fault switch
        {
            UpstreamFault.None or UpstreamFault.Compresses or UpstreamFault.LongAnswer => "completed",
            UpstreamFault.StallsBeforeHeaders or UpstreamFault.StallsAfterHeaders or UpstreamFault.StallsMidway => "timed_out",
            _ => "upstream_failed",
        };

    /// <summary>What a client that reads is told; 0 where it does not read.</summary>
    internal int Status => Result switch
    {
        "client_aborted" => 0,
        "completed" => 200,
        _ when Streaming && HasBegun => 200,
        "timed_out" => 504,
        _ => 502,
    };

    /// <summary>The error's code; null where there is none of ours.</summary>
    internal string? Code => Result is "completed" or "client_aborted" || (Fault == UpstreamFault.ErrorAsSuccess && Streaming) ? null
        : Result == "timed_out" ? "upstream_timeout"
        : Fault == UpstreamFault.Refuses ? "upstream_unavailable" : "upstream_failed";

    /// <summary>How often the provider is asked: again only where nothing had come of an answer, and it did not just take its time.</summary>
    internal int Attempts => Fault == UpstreamFault.Refuses ? 2 : 1;

    /// <summary>Whether the client's stream has begun when the provider fails.</summary>
    private bool HasBegun => Fault is UpstreamFault.StallsMidway or UpstreamFault.DiesMidway or UpstreamFault.EndsEarly or UpstreamFault.SendsGarbage
        or UpstreamFault.SendsTooMuch or UpstreamFault.ErrorAsSuccess;

    /// <summary>Whether a round takes megabytes. Were many of them to meet by chance, the pool would keep as many, and the heap would tell of chance.</summary>
    internal bool IsLarge => Fault is UpstreamFault.LongAnswer or UpstreamFault.SendsTooMuch or UpstreamFault.Bomb;

    /// <summary>A client can leave at a phase only if the provider keeps it there, and be slow only where there is something to read.</summary>
    private bool MakesSense => Conduct switch
    {
        ClientConduct.Stays => true,
        ClientConduct.LeavesBeforeHeaders => Fault is UpstreamFault.StallsBeforeHeaders or UpstreamFault.StallsAfterHeaders || (!Streaming && Fault is UpstreamFault.StallsMidway),
        ClientConduct.LeavesAfterHeaders or ClientConduct.LeavesMidway => Streaming && Fault is UpstreamFault.StallsMidway or UpstreamFault.LongAnswer && Streaming,
        ClientConduct.ReadsSlowly => Fault is UpstreamFault.LongAnswer || (Streaming && Fault is UpstreamFault.StallsMidway or UpstreamFault.DiesMidway && Streaming),
        ClientConduct.StopsReading => Fault is UpstreamFault.LongAnswer || (Fault is UpstreamFault.StallsMidway && Streaming),
        _ => false,
    };

    /// <summary>Null if all is as it must be.</summary>
    internal string? Judge(int status, string body, OutcomeEvent outcome)
    {
        if (status != Status)
        {
            return $"status {status}, not {Status}";
        }

        if (outcome.Result != Result)
        {
            return $"outcome {outcome.Result}, not {Result}";
        }

        if (outcome.Attempts != Attempts)
        {
            return $"{outcome.Attempts} attempts, not {Attempts}";
        }

        if (Status == 0)
        {
            return null;
        }

        if (Code is { } code && !body.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal))
        {
            return $"no error {code}";
        }

        if (Fault == UpstreamFault.ErrorAsSuccess && Streaming && !body.Contains("it is broken", StringComparison.Ordinal))
        {
            return "the provider's error was lost";
        }

        return Streaming && Status == 200 && Speech.Ends.Any(e => body.Contains(e, StringComparison.Ordinal)) != (Result == "completed")
            ? "an end that the provider did not send, or not the one that it did"
            : null;
    }

    public override string ToString() => $"{Speech.Name}, {(Streaming ? "streamed" : "plain")}, {Fault}, {Conduct}";
}
