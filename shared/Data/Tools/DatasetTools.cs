using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Data.Connectors;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Data.Tools;

/// <summary>
/// Datasets as tools: each can be queried, and described as a resource. Beside the decision on the tool, a query is a query: with its own decision on dataset, columns and rows, its own audit
/// pair, and nothing in its answer that the same query would not give elsewhere.
/// </summary>
internal sealed class DatasetTools(
    Pipeline pipeline, QueryPlanner planner, QueryRunner runner, SourceChecks sources, IOptions<DataOptions> options, TimeProvider time) : IToolSource
{
    private const string Source = "datasets";
    private const string Scheme = "dataset://";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ValueTask<IReadOnlyList<ToolDescription>> ListToolsAsync(PolicyBundle bundle, Caller caller, string? only, CancellationToken cancellationToken) => new(
    [
        .. Configured(bundle).Select(static d => new ToolDescription
        {
            Name = ToolName.Of(Source, d.Name),
            Source = Source,
            Description = $"Queries the dataset '{d.Name}': rows, or aggregates of rows, as far as the caller may see them. The resource {Scheme}{d.Name} names its columns.",
            Arguments = QuerySchema.Arguments,
            Annotations = ReadOnly,
            Label = d.Label,
        }).Where(t => only is null || t.Name == only),
    ]);

    public ValueTask<IReadOnlyList<ToolResource>> ListResourcesAsync(PolicyBundle bundle, Caller caller, CancellationToken cancellationToken) => new(
    [
        .. Configured(bundle).Select(static d => new ToolResource
        {
            Uri = Scheme + d.Name,
            Name = d.Name,
            Source = Source,
            Description = $"The columns of the dataset '{d.Name}' that the caller may read",
            MimeType = "application/json",
            Label = d.Label,
        }),
    ]);

    public async Task<ToolAnswer> CallAsync(AdmittedCall<ToolCall> call, CancellationToken cancellationToken)
    {
        var outer = call.Call;
        var dataset = DatasetCatalog.Of(outer.Bundle).Datasets.Values.Single(d => ToolName.Of(Source, d.Name) == outer.Tool.Name);
        var read = QueryParser.Read(Encoding.UTF8.GetBytes(outer.Arguments.GetRawText()));
        if (read is QueryRead.Rejected { Fault: var fault })
        {
            return Failed(fault.Message);
        }

        var query = new QueryCall
        {
            Id = AuditId.New(time),
            Caller = outer.Caller,
            Bundle = outer.Bundle,
            Request = outer.Request,
            Action = Vocabulary.Query,
            Resource = dataset.ToEntity(outer.Caller.Tenant),
            DeclaredLabel = outer.DeclaredLabel,
            DeclaredPurpose = outer.DeclaredPurpose,
            Lineage = outer.Lineage,
            Session = SessionChoice.Of(call.Session),
            TraceId = outer.TraceId,
            Dataset = dataset,
            Query = ((QueryRead.Understood)read).Query,
            Planner = planner,
        };
        switch (await pipeline.AdmitAsync(query, cancellationToken))
        {
            case Ruling<QueryCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    return await AskAsync(admitted, cancellationToken);
                }

            case Ruling<QueryCall>.Refused { Refusal: var refusal }:
                return Failed(refusal.Message);
            default:
                throw new InvalidOperationException();
        }
    }

    public async Task<ToolAnswer> ReadAsync(AdmittedCall<ResourceCall> call, CancellationToken cancellationToken)
    {
        var outer = call.Call;
        var dataset = DatasetCatalog.Of(outer.Bundle).Datasets.Values.Single(d => Scheme + d.Name == outer.Read.Uri);
        var description = new DescriptionCall
        {
            Id = AuditId.New(time),
            Caller = outer.Caller,
            Bundle = outer.Bundle,
            Request = outer.Request,
            Action = Vocabulary.Query,
            Resource = dataset.ToEntity(outer.Caller.Tenant),
            DeclaredLabel = outer.DeclaredLabel,
            DeclaredPurpose = outer.DeclaredPurpose,
            Lineage = outer.Lineage,
            Session = SessionChoice.Of(call.Session),
            TraceId = outer.TraceId,
            Dataset = dataset,
        };
        switch (await pipeline.AdmitAsync(description, cancellationToken))
        {
            case Ruling<DescriptionCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    var body = new ArrayBufferWriter<byte>(1024);
                    DatasetDescription.Write(body, outer.Bundle, dataset, ColumnView.Of(dataset, admitted.Sight));
                    admitted.DigestAnswer(body.WrittenSpan);
                    await admitted.CompleteAsync(new CallOutcome { Result = "completed", Status = 200, Events = 1, BytesOut = body.WrittenCount });
                    return new ToolAnswer { Texts = [Encoding.UTF8.GetString(body.WrittenSpan)], Label = admitted.Label };
                }

            case Ruling<DescriptionCall>.Refused { Refusal: var refusal }:
                return Failed(refusal.Message);
            default:
                throw new InvalidOperationException();
        }
    }

    private static JsonElement ReadOnly { get; } = JsonDocument.Parse("""{"readOnlyHint":true}""").RootElement;

    private static ToolAnswer Failed(string message) => new() { Texts = [message], IsError = true };

    private IEnumerable<Dataset> Configured(PolicyBundle bundle) =>
        DatasetCatalog.Of(bundle).Datasets.Values.Where(d => sources.IsConfigured(d) && ToolName.IsValid(ToolName.Of(Source, d.Name)));

    private async Task<ToolAnswer> AskAsync(AdmittedCall<QueryCall> call, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(call.Call.Dataset.Limits.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.Revoked, late.Token);
        try
        {
            if (await sources.StateOfAsync(call.Call.Dataset, stop.Token) is not SourceState.Ready)
            {
                throw new SourceException("The dataset's source is not there, or not as it is described.");
            }

            await using var answer = await runner.OpenAsync(AdmittedQuery.Of(call), stop.Token);
            return await TellAsync(call, answer, stop.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested && !call.Revoked.IsCancellationRequested)
        {
            await call.CompleteAsync(new CallOutcome { Result = "timed_out", Status = 504 });
            throw new ToolSourceException($"The rows were not complete after {call.Call.Dataset.Limits.Timeout.TotalSeconds:0} s. Ask for less.", timedOut: true);
        }
        catch (OperationCanceledException)
        {
            await call.CompleteAsync(call.Revoked.IsCancellationRequested ? new CallOutcome { Result = "revoked", Status = 401 } : new CallOutcome { Result = "client_aborted", Status = 499 });
            throw;
        }
        catch (SourceException e) when (e.Code is not null)
        {
            await call.CompleteAsync(new CallOutcome { Result = "upstream_refused", Status = 400 });
            return Failed(e.Message);
        }
        catch (SourceException e)
        {
            await call.CompleteAsync(new CallOutcome { Result = e.TimedOut ? "timed_out" : "upstream_failed", Status = e.TimedOut ? 504 : 502 });
            throw new ToolSourceException(e.Message, e.TimedOut, e);
        }
    }

    private async Task<ToolAnswer> TellAsync(AdmittedCall<QueryCall> call, QueryAnswer answer, CancellationToken stop)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(body, Readable);
        writer.WriteStartObject();
        writer.WriteStartArray("rows"u8);
        while (await answer.ReadNextAsync(stop))
        {
            answer.WriteRow(writer);
            if (writer.BytesCommitted + writer.BytesPending > options.Value.MaxAnswerBytes)
            {
                throw new SourceException($"An answer may have {options.Value.MaxAnswerBytes} bytes. Ask for fewer rows.") { Code = "answer_too_large" };
            }
        }

        writer.WriteEndArray();
        writer.WriteBoolean("complete"u8, !answer.IsCut);
        if (answer.Next is { } next)
        {
            writer.WriteString("next"u8, next);
        }

        writer.WriteEndObject();
        writer.Flush();
        stop.ThrowIfCancellationRequested();
        call.DigestAnswer(body.WrittenSpan);
        await call.CompleteAsync(new CallOutcome
        {
            Result = "completed",
            Status = 200,
            Events = 1,
            Rows = answer.Rows,
            BytesOut = body.WrittenCount,
            Redactions = answer.Redactions,
        });
        return new ToolAnswer
        {
            Texts = [Encoding.UTF8.GetString(body.WrittenSpan)],
            Structured = JsonDocument.Parse(body.WrittenMemory).RootElement,
            Label = call.Label,
            Datasets = [call.Call.Dataset.Name],
        };
    }
}
