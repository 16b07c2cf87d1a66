using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy explain</c>: which policies applied to a question, and why the others did not.</summary>
internal sealed class PolicyExplainCommand : PolicyCommand
{
    private readonly Option<string?> _user = new("--user") { HelpName = "SUBJECT", Description = "The person who calls, as the token's subject." };
    private readonly Option<string?> _client = new("--client") { HelpName = "SUBJECT", Description = "The application that calls." };
    private readonly Option<string?> _tenant = new("--tenant") { HelpName = "TENANT", Description = "The caller's tenant; by default `default`." };
    private readonly Option<string[]> _role = new("--role") { HelpName = "ROLE", Description = "A role of the caller; may be repeated." };
    private readonly Option<string[]> _actor = new("--actor") { HelpName = "SUBJECT", Description = "An application that acts for the caller; may be repeated." };
    private readonly Option<string?> _clearance = new("--clearance") { HelpName = "LABEL", Description = "The caller's clearance." };
    private readonly Option<string?> _purpose = new("--purpose") { HelpName = "PURPOSE", Description = "The caller's verified purpose." };
    private readonly Option<bool> _bound = new("--bound") { Description = "The caller proves possession of a key pair." };
    private readonly Option<string?> _address = new("--address") { HelpName = "IP", Description = "Where the call comes from." };
    private readonly Option<string?> _principal = new("--principal") { HelpName = "JSON", Description = "Anything else about the caller, as tests describe principals." };
    private readonly Option<string?> _action = new("--action") { HelpName = "ACTION", Description = "infer, disclose, reveal, query, manage, ..." };
    private readonly Option<string?> _model = new("--model") { HelpName = "NAME", Description = "A model of the bundle, `name` or `name@upstream`." };
    private readonly Option<string?> _resource = new("--resource") { HelpName = "JSON", Description = "Another resource, as tests describe them." };
    private readonly Option<string?> _kind = new("--kind") { HelpName = "KIND", Description = "A kind of data that is from, or goes to, the model or resource." };
    private readonly Option<string?> _label = new("--label") { HelpName = "LABEL", Description = "The label of the call; by default the lowest." };
    private readonly Option<string?> _context = new("--context") { HelpName = "JSON", Description = "Anything else about the call, as tests describe contexts." };
    private readonly Option<string?> _at = new("--at") { HelpName = "TIME", Description = "The moment, ISO 8601 with a zone; by default now." };
    private readonly Option<string?> _case = new("--case") { HelpName = "FILE#NAME", Description = "A case of the bundle's tests, by its name, or a combination: \"principal, action, resource, context\"." };
    private readonly Option<string?> _auditId = new("--audit-id") { HelpName = "ID", Description = "A decision of the ledger, by its audit id." };
    private readonly DecisionOptionSet _ledger = new();

    internal PolicyExplainCommand(CommandScope scope)
        : base(scope, "explain", "Say which policies of a bundle apply to a question, and why the others do not.", new Lesson(
            [
                new Example("proofgate policy explain --user corp:dana --role developer --action infer --model assistant", "may a developer ask this model?"),
                new Example("proofgate policy explain --user corp:sam --role support --action infer --model regional-assistant --at 2026-06-14T12:00:00Z", "and on a Sunday?"),
                new Example("proofgate policy explain --case models.test.json#developers", "why a test of the bundle ends as it does"),
                new Example("proofgate policy explain --audit-id 01974e2a-7d6c-7000-8000-000000000000", "what this bundle says to a call that the local run's ledger recorded"),
            ],
            [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.Interrupted],
            "It names the smallest condition that decided, with the values that it saw: who may not see the call should not see the explanation.",
            "A recorded decision is opened with the deployment's master key: see `proofgate policy whatif --help`."))
    {
        foreach (var option in new Option[]
            { _user, _client, _tenant, _role, _actor, _clearance, _purpose, _bound, _address, _principal, _action, _model, _resource, _kind, _label, _context, _at, _case, _auditId })
        {
            Add(option);
        }

        _ledger.AddTo(this);
        Validators.Add(result =>
        {
            var sources = new[] { result.GetValue(_case), result.GetValue(_auditId), result.GetValue(_action) }.Count(static s => s is not null);
            if (sources != 1)
            {
                result.AddError("say what to explain: --action with who and what, or --case, or --audit-id");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_auditId) is { } id)
        {
            return await RecordedAsync(id, parsed, bundle, printer, cancellationToken);
        }

        var (found, error) = parsed.GetValue(_case) is { } name ? OfCase(name, bundle) : OfQuestion(parsed, bundle);
        if (found is null)
        {
            return printer.Fail(error!);
        }

        var explanations = found.Explain(bundle.Bundle);
        var question = found.File == QuestionFile.Name ? $"{explanations[0].Principal}, {found.Action}, {found.Resource}" : found.Combination;
        return Print(printer, PolicyExplanationDocument.Of(question, found.Decision, explanations));
    }

    private async Task<int> RecordedAsync(string text, ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(text, out _))
        {
            return printer.Fail(CliError.Usage("audit_id", "--audit-id is no audit id, such as 01974e2a-7d6c-7000-8000-000000000000: copy it whole."));
        }

        if (!_ledger.TryOpen(parsed, Host, out var decisions, out var error))
        {
            return printer.Fail(error);
        }

        try
        {
            await foreach (var (read, decision) in decisions.ReadAsync(cancellationToken))
            {
                if (!string.Equals(read.Event.Id.ToString(), text, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (decision is null)
                {
                    return printer.Fail(CliError.Unreachable("decision_sealed", $"the decision {text} cannot be opened: the person was erased, or the master key is another."));
                }

                var request = decision.Request;
                return Print(printer, PolicyExplanationDocument.Of(
                    $"{request.Principals[0]}, {request.Action.Id}, {request.Resource}", request.Decide(bundle.Bundle), request.Explain(bundle.Bundle)));
            }
        }
        catch (Exception unreachable) when (DecisionOpener.IsOutage(unreachable))
        {
            return printer.Fail(LedgerDecisions.Unreachable);
        }

        return printer.Fail(CliError.Unreachable("decision_unknown", $"the ledger has no decision {text}: it may not have been written yet."));
    }

    private static (BundleTestCase?, CliError?) OfCase(string text, BundleOutcome.Loaded bundle)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var (file, name) = hash < 0 ? (string.Empty, text) : (text[..hash], text[(hash + 1)..]);
        var report = BundleTests.Run(bundle.Bundle, bundle.Files);
        var found = report.Cases.Where(c => (c.Name == name || c.Combination == name) && (file.Length == 0 || c.File.EndsWith(file, StringComparison.Ordinal))).ToList();
        return (found.Find(static c => !c.Passed) ?? found.FirstOrDefault()) is { } one
            ? (one, null)
            : (null, CliError.Usage("case_unknown", $"the bundle has no test case '{text}'{(report.Problems.Count > 0 ? $": {report.Problems[0]}" : ": `proofgate policy test` names those that fail")}"));
    }

    private (BundleTestCase?, CliError?) OfQuestion(ParseResult parsed, BundleOutcome.Loaded bundle)
    {
        var now = Host.Time.GetUtcNow();
        if (parsed.GetValue(_at) is { } at
            && !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out now))
        {
            return (null, CliError.Usage("time", "--at is no time: write it as 2026-06-15T09:30:00Z."));
        }

        var objects = new Dictionary<string, JsonObject?>();
        foreach (var option in new[] { _principal, _resource, _context })
        {
            if (parsed.GetValue(option) is not { } json)
            {
                objects.Add(option.Name, null);
            }
            else if (QuestionFile.TryParse(json) is { } read)
            {
                objects.Add(option.Name, read);
            }
            else
            {
                return (null, CliError.Usage("json", $"{option.Name} is not a JSON object."));
            }
        }

        var resource = objects[_resource.Name] ?? (parsed.GetValue(_model) is { } model ? new JsonObject { ["model"] = model } : null);
        if (resource is null)
        {
            return (null, CliError.Usage("resource", "say what it is about: --model NAME, or --resource JSON."));
        }

        var question = new QuestionFile { Action = parsed.GetValue(_action)!, Now = now };
        question.Principal("user", parsed.GetValue(_user));
        question.Principal("client", parsed.GetValue(_client));
        question.Principal("tenant", parsed.GetValue(_tenant));
        question.Principal("roles", QuestionFile.List(parsed.GetValue(_role)));
        question.Principal("actors", QuestionFile.List(parsed.GetValue(_actor)));
        question.Principal("clearance", parsed.GetValue(_clearance));
        question.Principal("purpose", parsed.GetValue(_purpose));
        question.Principal("bound", parsed.GetValue(_bound) ? JsonValue.Create(true) : null);
        question.Principal("address", parsed.GetValue(_address));
        QuestionFile.Merge(question.Principal, objects[_principal.Name]);
        question.Principal("tenant", "default");
        question.Resource(parsed.GetValue(_model) ?? "the resource", resource, parsed.GetValue(_kind));
        question.Context("label", parsed.GetValue(_label));
        QuestionFile.Merge(question.Context, objects[_context.Name]);

        var report = BundleTests.Run(bundle.Bundle, new Dictionary<string, byte[]> { [QuestionFile.Name] = question.ToBytes() });
        return report switch
        {
            { Problems: [var problem, ..] } => (null, CliError.Usage("question", $"the question cannot be asked: {(problem.Path.Length == 0 ? "" : $"{problem.Path} ")}{problem.Message}")),
            { Cases: [var only, ..] } => (only, null),
            _ => (null, CliError.Usage("question", "this action is not asked of such a resource.")),
        };
    }

    private static int Print(Printer printer, PolicyExplanationDocument document)
    {
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyExplanationDocument);
        }
        else
        {
            PolicyExplanationText.Write(document, printer);
        }

        return ExitCode.Done.Value;
    }
}
