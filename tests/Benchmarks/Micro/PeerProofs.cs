using Proofgate.Client;
using Proofgate.Support;

namespace Proofgate.Benchmarks.Micro;

/// <summary>The same proofs, checked by the npm packages jose and oauth4webapi: what others pay for the in-process part.</summary>
internal static class PeerProofs
{
    private const int Count = 2000;

    internal static async Task<int> RunAsync()
    {
        using var pair = DpopKeyPair.Create();
        var (file, token) = (Path.GetTempFileName(), "pgk_test_0f5c2b9e_credential-of-the-benchmark");
        try
        {
            await File.WriteAllLinesAsync(file, Enumerable.Range(0, Count).Select(_ => Proof.Make(pair, token)));
            await using var peer = await Peers.StartAsync("proof-bench.mjs", [file, Proof.Target.ToString(), token]);
            var code = await peer.WaitForExitAsync();
            foreach (var line in peer.Output.Concat(peer.Errors))
            {
                Console.WriteLine(line);
            }

            return code;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
