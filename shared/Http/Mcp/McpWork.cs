using ModelContextProtocol;
using Proofgate.Protection;

namespace Proofgate.Http.Mcp;

/// <summary>What was done for one message inside the library, which would turn every failure into an answer of its own.</summary>
internal sealed class McpWork(long label, CancellationToken stop)
{
    internal Exception? Failure { get; private set; }

    /// <summary>Rank of the label that the answer carries.</summary>
    internal long Label { get; private set; } = label;

    /// <summary>Names of the datasets that the answer comes from.</summary>
    internal IReadOnlyList<string> Datasets { get; set; } = [];

    internal KindCounts? Redactions { get; set; }

    internal CancellationToken Stop => stop;

    internal void Raise(long to) => Label = Math.Max(Label, to);

    /// <summary>Also where what is waited for does not stop when it is told. What is said in the protocol's own terms is an answer.</summary>
    internal async ValueTask<T> DoAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().WaitAsync(stop);
        }
        catch (Exception e) when (e is not McpProtocolException)
        {
            Failure = e;
            throw;
        }
    }
}
