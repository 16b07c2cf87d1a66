namespace Proofgate.SelfHost;

/// <summary>What a person sees when the gateway is ready: the address, the keys, three commands to try.</summary>
internal static class Banner
{
    internal static void Print(TextWriter output, string address, StateFolder state, SelfHostSettings settings, LocalKeys keys)
    {
        var sampleKey = Path.GetRelativePath(Environment.CurrentDirectory, state.SampleKeyFile);
        var isUsual = settings.RepositoryRoot is { } root && Path.Combine(root, ".proofgate") == state.Path;
        var adminKey = Path.GetRelativePath(Environment.CurrentDirectory, state.AdminKeyFile);
        output.WriteLine(
            $$"""

            Proofgate is ready at {{address}}

              sample key   {{keys.Sample}}   (also in {{sampleKey}}; role: developer)
              admin key    in {{adminKey}}
              model        {{(settings.HasUpstream ? "assistant, served by the provider of your settings" : "assistant, served by the built-in sample model (not a real model)")}}

            Try, in another terminal:

              1. A streamed chat; personal values in the answer are masked as they arrive:
                 curl -N {{address}}/v1/chat/completions -H "Authorization: Bearer $(cat {{sampleKey}})" -H "Content-Type: application/json" \
                   -d '{"model":"assistant","stream":true,"messages":[{"role":"user","content":"Who wrote to us today?"}]}'

              2. A model that does not see everything: it gets a placeholder for the address, you get the address back:
                 curl -s {{address}}/v1/chat/completions -H "Authorization: Bearer $(cat {{sampleKey}})" -H "Content-Type: application/json" \
                   -d '{"model":"assistant","messages":[{"role":"user","content":"Why does 203.0.113.7 not answer?"}]}'

              3. A refused one, with the policy's reason:
                 curl -i {{address}}/v1/chat/completions -H "Authorization: Bearer $(cat {{sampleKey}})" -H "Content-Type: application/json" \
                   -d '{"model":"board-assistant","messages":[{"role":"user","content":"What did the board decide?"}]}'

              4. The proof of all three, recomputed from storage:
                 {{(isUsual ? string.Empty : $"PROOFGATE_STATE={state.Path} ")}}dotnet run --project infra/cli -- audit verify

            Ctrl-C ends everything. The data stays in {{Path.GetRelativePath(Environment.CurrentDirectory, state.Path)}}.

            """);
        output.Flush();
    }
}
