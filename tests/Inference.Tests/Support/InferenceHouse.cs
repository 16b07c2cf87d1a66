using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Models;
using Proofgate.Policy;
using Proofgate.Tests.Support;

namespace Proofgate.Inference.Tests.Support;

/// <summary>Admitted inference calls, made by the real pipeline.</summary>
internal static class InferenceHouse
{
    /// <summary>The model may be asked; nothing may be seen.</summary>
    private const string MaskAll = """@id("ask") permit (principal, action == Proofgate::Action::"infer", resource);""";

    internal const string Question = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    internal static async Task<AdmittedCall<InferenceCall>> AdmitAsync(
        this House house, Uri? address = null, UpstreamAuthentication authentication = UpstreamAuthentication.None, string? secret = null, string body = Question)
    {
        var dialect = new OpenAiChat();
        var request = Assert.IsType<DialectRead.Understood>(dialect.Read(Encoding.UTF8.GetBytes(body))).Request;
        var upstream = new UpstreamEntry
        {
            Name = "up",
            Provider = "openai",
            Region = "eu",
            External = true,
            Authentication = authentication,
            Address = address,
            Secret = secret is null ? null : new UpstreamSecret(() => secret),
        };
        var target = new ModelTarget(upstream, "upstream-name");
        var model = new ModelEntry { Name = "m", MaxLabel = 3, Targets = [target] };
        return await house.AdmitAsync(new InferenceCall
        {
            Id = AuditId.New(house.Time),
            Caller = Callers.Application,
            Bundle = Bundles.Of(MaskAll),
            Request = new RequestRecord { Route = "/t", Method = "POST" },
            Action = Vocabulary.Infer,
            Resource = model.ToEntity(target),
            Stream = request.Stream,
            Body = request,
            Speech = dialect,
            Model = model,
            Target = target,
        });
    }
}
