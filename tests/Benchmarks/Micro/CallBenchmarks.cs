using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Identity;
using Proofgate.Inference;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Models;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Benchmarks.Micro;

/// <summary>The parts of one call's path, each alone, and steps 4 to 9 together.</summary>
[MemoryDiagnoser]
public class CallBenchmarks
{
    private const string Text = "The ledger grows by one row for every decision, and every row can be checked by a stranger. ";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        $$"""{"model":"assistant","messages":[{"role":"system","content":"You answer in one sentence."},{"role":"user","content":"{{Text}}"}]}""");

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{Text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":36,"total_tokens":60}}""");

    private static readonly byte[][] Chunks =
        [.. Text.Split(' ').Select(static w => Encoding.UTF8.GetBytes($$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":" {{w}}"},"finish_reason":null}]}"""))];

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private Rooms _rooms = null!;
    private Caller _caller = null!;
    private PolicyBundle _bundle = null!;
    private ModelEntry _model = null!;
    private Authenticator _authenticator = null!;
    private Authorizer _authorizer = null!;
    private Pipeline _pipeline = null!;
    private IAuditStream _stream = null!;
    private OpenAiChat _dialect = null!;
    private PresentedRequest _presented;
    private RedactionPlan _plan = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _rooms = await Rooms.StartAsync();
        _caller = await _rooms.CallerAsync();
        _presented = _rooms.Presented();
        _rooms.Services.GetRequiredService<IBundleSource>().TryGet(out var bundle);
        _bundle = bundle!;
        _model = ModelCatalog.Of(_bundle).Models["assistant"];
        _authenticator = _rooms.Services.GetRequiredService<Authenticator>();
        _authorizer = _rooms.Services.GetRequiredService<Authorizer>();
        _pipeline = _rooms.Services.GetRequiredService<Pipeline>();
        _stream = _rooms.Services.GetRequiredService<IAuditStream>();
        _dialect = _rooms.Services.GetRequiredService<OpenAiChat>();
        _plan = new RedactionPlan(RuleSet.Default);
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _rooms.DisposeAsync();

    [Benchmark]
    public async ValueTask<AuthenticationResult> Authenticate() => await _authenticator.AuthenticateAsync(_presented, CancellationToken.None);

    [Benchmark]
    public void ReadAndWriteBody()
    {
        using var request = ((DialectRead.Understood)_dialect.Read(Body)).Request;
        _output.ResetWrittenCount();
        request.WriteUpstream(_output, "m");
    }

    [Benchmark]
    public bool Decide() => _authorizer.Open(_bundle, _caller).Decide(Vocabulary.Infer, _model.ToEntity(_model.Usable!), Facts).Allowed;

    [Benchmark]
    public int AskEveryKind()
    {
        var inquiry = _authorizer.Open(_bundle, _caller);
        var entity = _model.ToEntity(_model.Usable!);
        return RuleSet.Default.Kinds.Count(k => inquiry.Ask(Vocabulary.Reveal, k.Name, entity, Facts).Allowed);
    }

    [Benchmark]
    public async ValueTask<long> PublishAnEvent() => (await _stream.PublishAsync(
        new PolicyEvent { Id = AuditId.New(TimeProvider.System), Time = DateTimeOffset.UnixEpoch, Act = "activated", Digest = _bundle.Digest }, CancellationToken.None)).Number;

    [Benchmark]
    public async Task AdmitAndComplete()
    {
        using var request = ((DialectRead.Understood)_dialect.Read(Body)).Request;
        var ruling = await _pipeline.AdmitAsync(Call(request), CancellationToken.None);
        await using var call = ((Ruling<InferenceCall>.Admitted)ruling).Call;
        await call.CompleteAsync(new CallOutcome { Result = "completed", Status = 200 });
    }

    [Benchmark]
    public void RewriteAnswer()
    {
        using var request = ((DialectRead.Understood)_dialect.Read(Body)).Request;
        using var rewriter = _dialect.CreateRewriter(request, _plan);
        _output.ResetWrittenCount();
        rewriter.RewriteWhole(Answer, _output);
    }

    /// <summary>One stream of 19 chunks: divide by 19 for a token.</summary>
    [Benchmark]
    public void RewriteStream()
    {
        using var request = ((DialectRead.Understood)_dialect.Read(Body)).Request;
        using var rewriter = _dialect.CreateRewriter(request, _plan);
        _output.ResetWrittenCount();
        foreach (var chunk in Chunks)
        {
            rewriter.RewriteEvent(chunk, _output);
        }
    }

    private static CallFacts Facts { get; } = new() { Label = 0 };

    private InferenceCall Call(InferenceRequest request) => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Caller = _caller,
        Bundle = _bundle,
        Request = new RequestRecord { Route = "/v1/chat/completions", Method = "POST" },
        Action = Vocabulary.Infer,
        Resource = _model.ToEntity(_model.Usable!),
        EstimatedTokens = request.EstimatedTokens,
        Body = request,
        Speech = _dialect,
        Model = _model,
        Target = _model.Usable!,
    };
}
