using System.ClientModel;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using OpenAI;
using OpenAI.Embeddings;
using OpenAI.Responses;

namespace Proofgate.EndToEnd;

/// <summary>The OpenAI package for .NET against the one-command run. It marks its client for responses as one that may still change.</summary>
public sealed class SdkNuGetTests(SdkTests.Run run) : IClassFixture<SdkTests.Run>
{
    [Fact]
    [Experimental("OPENAI001")]
    public async Task Responses_AreMasked_PlainAndStreamed()
    {
        var client = new ResponsesClient(new ApiKeyCredential(run.Gateway.SampleKey), new ResponsesClientOptions { Endpoint = run.Gateway.V1 });
        ResponseResult plain = await client.CreateResponseAsync(Ask(stream: false));
        var (pieces, whole) = (new StringBuilder(), string.Empty);
        await foreach (var update in await client.CreateResponseStreamingAsync(Ask(stream: true)))
        {
            pieces.Append((update as StreamingResponseOutputTextDeltaUpdate)?.Delta);
            whole = (update as StreamingResponseCompletedUpdate)?.Response.GetOutputText() ?? whole;
        }

        Assert.EndsWith("Ada Lovelace, [EMAIL_ADDRESS], [PHONE_NUMBER], card [PAYMENT_CARD].", whole, StringComparison.Ordinal);
        Assert.Equal(whole, pieces.ToString());
        Assert.Equal(whole, plain.GetOutputText());
    }

    [Fact]
    public async Task Embeddings_AreVectors()
    {
        var client = new EmbeddingClient("embeddings", new ApiKeyCredential(run.Gateway.SampleKey), new OpenAIClientOptions { Endpoint = run.Gateway.V1 });
        OpenAIEmbeddingCollection vectors = await client.GenerateEmbeddingsAsync(["one", "two"]);
        Assert.Equal([32, 32], vectors.Select(static v => v.ToFloats().Length));
    }

    [Experimental("OPENAI001")]
    private static CreateResponseOptions Ask(bool stream)
    {
        var options = new CreateResponseOptions { Model = "assistant", StreamingEnabled = stream };
        options.InputItems.Add(ResponseItem.CreateUserMessageItem("Who wrote to us today?"));
        return options;
    }
}
