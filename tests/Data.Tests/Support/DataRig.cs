using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Data.Connectors;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Identity;
using Proofgate.Policy;
using Proofgate.Tests.Support;

namespace Proofgate.Data.Tests.Support;

/// <summary>The real path of a query, from its body to its rows: pipeline, planner, connector, shaper.</summary>
internal sealed class DataRig : IDisposable
{
    private readonly ServiceProvider _services;

    internal DataRig(string manifest, string policies, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static s => s.Key, static s => s.Value)).Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(AuditKeys.FromMaster(new byte[32]))
            .AddSingleton<DataSecrets>()
            .AddProofgateData(configuration)
            .BuildServiceProvider();
        Bundle = Bundles.Of(policies, manifest, _services.GetServices<IBundleSection>());
    }

    internal House House { get; } = new();

    internal PolicyBundle Bundle { get; }

    internal SourceChecks Checks => _services.GetRequiredService<SourceChecks>();

    internal Dataset Dataset(string name = "people") => DatasetCatalog.Of(Bundle).Datasets[name];

    internal IDataConnector Connector(ConnectorKind kind) => _services.GetRequiredService<ConnectorSet>().Of(kind);

    internal QueryCall Call(QuerySyntax query, Caller? caller = null, string dataset = "people") => new()
    {
        Id = new AuditId(Guid.CreateVersion7()),
        Caller = caller ?? Callers.Application,
        Bundle = Bundle,
        Request = new RequestRecord { Route = "/v1/datasets/{name}/query", Method = "POST" },
        Action = Vocabulary.Query,
        Resource = Dataset(dataset).ToEntity((caller ?? Callers.Application).Tenant),
        Dataset = Dataset(dataset),
        Query = query,
        Planner = _services.GetRequiredService<QueryPlanner>(),
    };

    /// <summary>What the caller gets, as text: the refusal, or the rows and how they ended.</summary>
    internal async Task<string> AskAsync(string query, Caller? caller = null, string dataset = "people") => (await AnswerAsync(query, caller, dataset)).Text;

    /// <summary>The same, and where a further page begins.</summary>
    internal async Task<(string Text, string? Next)> AnswerAsync(string query, Caller? caller = null, string dataset = "people")
    {
        if (QueryParser.Read(Encoding.UTF8.GetBytes(query)) is not QueryRead.Understood understood)
        {
            var fault = ((QueryRead.Rejected)QueryParser.Read(Encoding.UTF8.GetBytes(query))).Fault;
            return ($"400 {fault.Code} {fault.Member}: {fault.Message}", null);
        }

        switch (await House.Pipeline.AdmitAsync(Call(understood.Query, caller, dataset), CancellationToken.None))
        {
            case Ruling<QueryCall>.Refused { Refusal: var refusal }:
                return ($"{refusal.Status} {refusal.Code} {refusal.Param}: {refusal.Message}", null);
            case Ruling<QueryCall>.Admitted { Call: var call }:
                await using (call)
                {
                    return await RunAsync(AdmittedQuery.Of(call));
                }

            default:
                throw new InvalidOperationException("A ruling has two ends.");
        }
    }

    public void Dispose()
    {
        House.Dispose();
        _services.Dispose();
    }

    private async Task<(string Text, string? Next)> RunAsync(AdmittedQuery query)
    {
        var text = new StringBuilder();
        var output = new ArrayBufferWriter<byte>();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await using var answer = await _services.GetRequiredService<QueryRunner>().OpenAsync(query, stop.Token);
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            while (await answer.ReadNextAsync(stop.Token))
            {
                answer.WriteRow(writer);
                writer.Flush();
                text.Append(Encoding.UTF8.GetString(output.WrittenSpan)).Append('\n');
                output.ResetWrittenCount();
                writer.Reset();
            }

            var redactions = string.Join(",", answer.Redactions.ToDictionary().Select(static r => $"{r.Key}:{r.Value}"));
            return (text.Append(CultureInfo.InvariantCulture, $"{answer.Rows} rows{(answer.IsCut ? ", cut" : "")}{(answer.Next is null ? "" : ", next")} {redactions}").ToString().TrimEnd(), answer.Next);
        }
        catch (SourceException e)
        {
            return (text.Append(CultureInfo.InvariantCulture, $"failed {e.Code}: {e.Message} {e.InnerException?.Message}").ToString().TrimEnd(), null);
        }
    }
}
