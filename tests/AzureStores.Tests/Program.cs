using Proofgate.AzureStores.Tests.Ledger;

namespace Proofgate.AzureStores.Tests;

/// <summary>Started as a program this assembly is one writer of the ledger, for tests that kill it. The test host does not come here.</summary>
internal static class Program
{
    internal static Task<int> Main(string[] args) => WriterProcess.RunAsync(args);
}
