namespace Proofgate.Cli.Output;

/// <summary>Lists of documents are bounded; the counts beside them are not.</summary>
internal static class Listed
{
    internal const int Most = 1000;
}
