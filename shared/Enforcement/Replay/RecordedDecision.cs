using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Replay;

/// <summary>
/// A decision of the ledger with the request that it was made on, so that anybody who may read that can make it again: under the bundle that it
/// names, to check the gateway, or under another, to see what would change.
/// </summary>
public sealed class RecordedDecision
{
    private const string Report = "report";

    private readonly DecisionRecord _recorded;
    private readonly RecordedRequest _request;

    private RecordedDecision(DecisionRecord recorded, RecordedRequest request)
    {
        (_recorded, _request) = (recorded, request);
    }

    public DecisionRecord Recorded => _recorded;

    public RecordedRequest Request => _request;

    /// <summary>Joins a decision with the opened personal part of its event. False if that has no canonical request.</summary>
    public static bool TryRead(DecisionRecord recorded, ReadOnlyMemory<byte> personalPart, [NotNullWhen(true)] out RecordedDecision? decision)
    {
        decision = null;
        try
        {
            using var document = JsonDocument.Parse(personalPart, new JsonDocumentOptions { MaxDepth = CedarLimits.JsonDepth, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("request", out var request)
                && RecordedRequest.TryParse(JsonMarshal.GetRawUtf8Value(request).ToArray(), out var parsed))
            {
                decision = new RecordedDecision(recorded, parsed);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // There is no request in it.
        }

        return decision is not null;
    }

    /// <summary>The same questions to <paramref name="bundle"/>: what its record would be. What a source or a prompt held is taken from the record.</summary>
    public DecisionRecord Again(PolicyBundle bundle)
    {
        var main = IsListing ? null : _request.Decide(bundle);
        var questions = new List<QuestionRecord>();
        var residuals = _recorded.Residuals;
        if (main?.Report is { } reported)
        {
            questions.Add(new QuestionRecord(Report, _recorded.Action, reported.Allowed, reported.Policies));
        }

        foreach (var question in _recorded.Questions.Where(static q => q.Action != Report))
        {
            if (question.Action == Vocabulary.ReadRow.Id)
            {
                var rows = _request.Rows(bundle);
                questions.Add(question with { Allowed = rows.Decided != false, Policies = rows.Policies });
                residuals = new Dictionary<string, string> { [question.Resource] = rows.Digest };
                continue;
            }

            var answer = Ask(bundle, question);
            questions.Add(new QuestionRecord(question.Action, question.Resource, answer.Allowed, answer.Policies));
            if (answer.Report is { } beside)
            {
                questions.Add(new QuestionRecord(Report, $"{question.Action}/{question.Resource}", beside.Allowed, beside.Policies));
            }
        }

        return _recorded with
        {
            Allowed = main?.Allowed != false && !questions.Any(IsRefusal) && (IsListing || ToolsOfTheProvider(questions).All(static q => q.Allowed)),
            PolicyDigest = bundle.Digest,
            Policies = main?.Policies ?? [],
            Errors = main?.Errors ?? [],
            Questions = questions,
            Residuals = residuals,
        };
    }

    /// <summary>Where the decision that <paramref name="bundle"/> makes now differs from the record; none if it is the same.</summary>
    public IReadOnlyList<string> DifferencesFrom(PolicyBundle bundle)
    {
        var again = Again(bundle);
        var differences = new List<string>();
        Compare(differences, "decision", _recorded.Allowed, again.Allowed);
        Compare(differences, "policies", Joined(_recorded.Policies), Joined(again.Policies));
        Compare(differences, "errors", Joined(_recorded.Errors), Joined(again.Errors));
        Compare(differences, "rows", Joined(_recorded.Residuals.Values), Joined(again.Residuals.Values));
        Compare(differences, "questions", Joined(_recorded.Questions.Select(Text)), Joined(again.Questions.Select(Text)));
        if (_request.Action.Id != _recorded.Action || _request.Resource.ToString() != _recorded.Resource)
        {
            differences.Add($"the request asks for {_request.Action.Id} on another resource than the record says");
        }

        return differences;
    }

    /// <summary>The decision under which a listing is made names no policy: it always happens.</summary>
    private bool IsListing => _recorded.Allowed && _recorded.Policies.Count == 0;

    /// <summary>They are asked about before any kind; a caller's own tools, which refuse nothing, only after one that does not go.</summary>
    private static IEnumerable<QuestionRecord> ToolsOfTheProvider(IEnumerable<QuestionRecord> questions) =>
        questions.TakeWhile(static q => q.Action != Vocabulary.Disclose.Id).Where(static q => q.Action == Vocabulary.UseTool.Id);

    /// <summary>
    /// A kind that a policy forbids to go refuses the call. One that none permits has a placeholder, unless the record says that it could have none.
    /// </summary>
    private bool IsRefusal(QuestionRecord question) =>
        question.Action == Vocabulary.Disclose.Id && _recorded.Action != Vocabulary.Disclose.Id && !question.Allowed && QuestionRecord.GivenIn(question.Resource) is null
        && (question.Policies.Count > 0 || (!_recorded.Allowed && WasWithoutPlace(question.Resource)));

    private bool WasWithoutPlace(string kind) => !_recorded.Placeholders.ContainsKey(kind)
        && _recorded.Questions.Any(q => q.Action == Vocabulary.Disclose.Id && q.Resource == kind && !q.Allowed && q.Policies.Count == 0);

    private Decision Ask(PolicyBundle bundle, QuestionRecord question)
    {
        var action = Vocabulary.Action(question.Action);
        if (action == Vocabulary.Disclose && QuestionRecord.GivenIn(question.Resource) is { } given)
        {
            return _request.AskToGive(bundle, given.Kind, given.Tool);
        }

        return Vocabulary.IsAboutKinds(action) ? _request.Ask(bundle, action, question.Resource) : _request.DecideEntry(bundle, action, question.Resource);
    }

    private static string Text(QuestionRecord question) =>
        $"{question.Action} {question.Resource}: {(question.Allowed ? "allowed" : "refused")} by {Joined(question.Policies)}";

    private static string Joined(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal));

    private static void Compare<T>(List<string> differences, string what, T recorded, T again)
    {
        if (!EqualityComparer<T>.Default.Equals(recorded, again))
        {
            differences.Add($"{what}: recorded {recorded}, again {again}");
        }
    }
}
