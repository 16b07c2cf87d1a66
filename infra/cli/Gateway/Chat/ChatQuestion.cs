using System.Net.Http.Headers;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway.Chat;

/// <summary>A question and what is declared with it.</summary>
/// <param name="Body">The request as the model sees it.</param>
/// <param name="Label">A label that the call is to carry at least: it can only raise what the gateway finds.</param>
/// <param name="Purpose">What the caller says that it is for; policy sees it as declared, not as proved.</param>
internal sealed record ChatQuestion(ChatRequest Body, string? Label, string? Purpose)
{
    internal void AddHeaders(HttpRequestHeaders headers)
    {
        if (Label is not null)
        {
            headers.Add("Proofgate-Label", Label);
        }

        if (Purpose is not null)
        {
            headers.Add("Proofgate-Purpose", Purpose);
        }
    }
}
