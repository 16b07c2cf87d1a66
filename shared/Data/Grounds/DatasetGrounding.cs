using System.Globalization;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Data.Connectors;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Policy;

namespace Proofgate.Data.Grounds;

/// <summary>
/// Fetches the rows that a prompt stands on. Each dataset is a query of the caller's own, as any other: decided, recorded and trimmed, and refused in the same words. What
/// fails of one fails the call, and nothing of the others is used.
/// </summary>
/// <param name="pipeline">Decides the queries. Asked for late, because the pipeline has this source.</param>
/// <param name="planner">Plans them.</param>
/// <param name="runner">Runs them.</param>
/// <param name="sources">Knows whether a dataset can be asked.</param>
/// <param name="options">Limits of one prompt.</param>
/// <param name="time">The clock.</param>
internal sealed class DatasetGrounding(
    Func<Pipeline> pipeline, QueryPlanner planner, QueryRunner runner, SourceChecks sources, IOptions<DataOptions> options, TimeProvider time) : IGroundingSource
{
    private static readonly byte[] Everything = "{}"u8.ToArray();

    public async ValueTask<GroundingResult> FetchAsync(Call call, Inquiry inquiry, CancellationToken cancellationToken)
    {
        var (queries, refusal) = Read(call);
        var gathering = new Gathering(options.Value);
        using var late = new CancellationTokenSource(options.Value.GroundingTimeout, time);
        for (var i = 0; i < queries.Count && refusal is null; i++)
        {
            refusal = await pipeline().AdmitAsync(queries[i], cancellationToken) switch
            {
                Ruling<QueryCall>.Refused { Refusal: var refused } => AsRefusalOf(call, i, refused),
                Ruling<QueryCall>.Admitted { Call: var admitted } => await FetchAsync(call, admitted, gathering, late.Token, cancellationToken),
                _ => throw new InvalidOperationException("A ruling has two ends."),
            };
        }

        return refusal is null ? new GroundingResult.Fetched(gathering.Result) : new GroundingResult.Refused(refusal);
    }

    /// <summary>All that is wrong with names and members is found before any dataset is asked.</summary>
    private (List<QueryCall> Queries, Refusal? Refusal) Read(Call call)
    {
        var queries = new List<QueryCall>();
        if (call.Grounding.Count > options.Value.GroundingDatasets)
        {
            return (queries, Refuse(call, 400, "too_many_datasets", $"A prompt may stand on {options.Value.GroundingDatasets} datasets here.", "proofgate.datasets"));
        }

        foreach (var (i, asked) in call.Grounding.Index())
        {
            if (!DatasetCatalog.Of(call.Bundle).Datasets.TryGetValue(asked.Dataset, out var dataset))
            {
                return (queries, Refuse(call, 404, "dataset_not_found", "There is no such dataset here. GET /v1/datasets lists yours.", $"{PlaceOf(i)}.name"));
            }

            if (asked.Query.Length > QueryLimits.Bytes)
            {
                return (queries, Refuse(call, 413, "request_too_large", $"A query may have {QueryLimits.Bytes} bytes.", $"{PlaceOf(i)}.query"));
            }

            var read = QueryParser.Read(asked.Query.IsEmpty ? Everything : asked.Query, selectsAll: true);
            if (read is QueryRead.Rejected { Fault: var fault })
            {
                return (queries, Refuse(call, 400, fault.Code, fault.Message, MemberOf(i, fault.Member)));
            }

            queries.Add(Part(call, dataset, ((QueryRead.Understood)read).Query));
        }

        return (queries, null);
    }

    private QueryCall Part(Call call, Dataset dataset, QuerySyntax query) => new()
    {
        Id = AuditId.New(time),
        PartOf = call.Id,
        Caller = call.Caller,
        Bundle = call.Bundle,
        Request = call.Request,
        Action = Vocabulary.Query,
        Resource = dataset.ToEntity(call.Caller.Tenant),
        DeclaredLabel = call.DeclaredLabel,
        DeclaredPurpose = call.DeclaredPurpose,
        Lineage = call.Lineage,
        // One that begins with the call has seen nothing yet, and is raised by the call itself.
        Session = call.Session is { IsNew: true } ? null : call.Session,
        TraceId = call.TraceId,
        Dataset = dataset,
        Query = query,
        Planner = planner,
    };

    /// <summary>Asks the source and takes what it gives; its outcome is recorded whatever becomes of the whole.</summary>
    /// <returns>Why there is nothing; null where there is.</returns>
    private async Task<Refusal?> FetchAsync(Call whole, AdmittedCall<QueryCall> query, Gathering gathering, CancellationToken late, CancellationToken gone)
    {
        await using var ends = query;
        using var tooLate = new CancellationTokenSource(query.Call.Dataset.Limits.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone, query.Revoked, tooLate.Token, late);
        try
        {
            return await sources.StateOfAsync(query.Call.Dataset, stop.Token) is SourceState.Ready
                ? await TakeAsync(whole, query, gathering, stop.Token)
                : await EndAsync("upstream_failed", 503, "dataset_unavailable", "The dataset's source is not there, or not as it is described. The operator finds why in the log.");
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            await query.CompleteAsync(new CallOutcome { Result = "client_aborted", Status = 499 });
            throw;
        }
        catch (OperationCanceledException) when (query.Revoked.IsCancellationRequested)
        {
            return query.RefusedByPolicy
                ? await EndAsync("revoked", 403, "policy_denied", "Policy does not allow this call any longer.")
                : await EndAsync("revoked", 401, "revoked", "The credential of this call was revoked or has expired.");
        }
        catch (OperationCanceledException)
        {
            return await EndAsync("timed_out", 504, "source_timeout", "The rows were not complete in time. Ask for less.");
        }
        catch (SourceException e)
        {
            return e.Code is { } code ? await EndAsync("upstream_refused", 400, code, e.Message)
                : e.TimedOut ? await EndAsync("timed_out", 504, "source_timeout", e.Message)
                : await EndAsync("upstream_failed", 502, "source_failed", e.Message);
        }

        async Task<Refusal> EndAsync(string result, int status, string code, string message)
        {
            await query.CompleteAsync(new CallOutcome { Result = result, Status = status });
            return Refuse(whole, status, code, $"The dataset '{query.Call.Dataset.Name}' gave nothing, so nothing was sent on. {message}", "proofgate.datasets");
        }
    }

    private async Task<Refusal?> TakeAsync(Call whole, AdmittedCall<QueryCall> query, Gathering gathering, CancellationToken stop)
    {
        await using var answer = await runner.OpenAsync(AdmittedQuery.Of(query), gathering, stop);
        if (await gathering.TakeAsync(query, answer, stop) is not { } passage)
        {
            await query.CompleteAsync(new CallOutcome { Result = "upstream_refused", Status = 413, Rows = answer.Rows });
            return Refuse(
                whole, 413, "prompt_too_large",
                $"The rows of a prompt may be {options.Value.GroundingRows}, of {options.Value.GroundingBytes} bytes together. Ask for fewer rows or columns.", "proofgate.datasets");
        }

        stop.ThrowIfCancellationRequested();
        query.DigestAnswer(passage.Span);
        await query.CompleteAsync(new CallOutcome
        {
            Result = "completed",
            Status = 200,
            Events = 1,
            Rows = answer.Rows,
            BytesOut = passage.Length,
            Redactions = answer.Redactions,
        });
        return null;
    }

    /// <summary>What refuses a part refuses the whole, in the words in which the query alone would be refused.</summary>
    private static Refusal AsRefusalOf(Call whole, int place, Refusal refused) => refused with
    {
        Id = whole.Id,
        Param = MemberOf(place, refused.Param),
        Receipt = null,
        Decision = null,
    };

    private static Refusal Refuse(Call whole, int status, string code, string message, string member) =>
        new() { Id = whole.Id, Status = status, Code = code, Message = message, Param = member };

    private static string MemberOf(int place, string? member) => member is null ? PlaceOf(place) : $"{PlaceOf(place)}.query.{member}";

    private static string PlaceOf(int place) => string.Create(CultureInfo.InvariantCulture, $"proofgate.datasets[{place}]");
}
