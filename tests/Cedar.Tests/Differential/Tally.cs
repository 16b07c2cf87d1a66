using System.Text.Json;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>What the answers were: a generator whose cases are all denied would test little.</summary>
internal sealed class Tally
{
    private int _allowed;
    private int _forbidden;
    private int _byDefault;
    private int _failing;
    private int _links;
    private int _valid;
    private int _invalid;
    private readonly HashSet<string> _failures = [];

    public void Add(Authorization answer)
    {
        _allowed += answer.Allowed ? 1 : 0;
        _forbidden += !answer.Allowed && answer.Determining.Count > 0 ? 1 : 0;
        _byDefault += !answer.Allowed && answer.Determining.Count == 0 ? 1 : 0;
        _failing += answer.Errors.Count > 0 ? 1 : 0;
        _links += answer.Determining.Any(id => id.StartsWith("link", StringComparison.Ordinal)) ? 1 : 0;
        foreach (var error in answer.Errors)
            _failures.Add(string.Concat(error.Message.TakeWhile(c => c != '"')));
    }

    /// <summary>The schema must be one.</summary>
    public void AddValidation(JsonElement validation, string name, List<string> differences)
    {
        if (validation.ValueKind != JsonValueKind.Array)
            differences.Add($"{name}: the schema is refused: {validation.GetString()}");
        else if (validation.GetArrayLength() == 0)
            _valid++;
        else
            _invalid++;
    }

    public void RequireVariety()
    {
        var all = _allowed + _forbidden + _byDefault;
        Assert.All([_allowed, _forbidden, _byDefault, _failing], part => Assert.InRange(part, all / 20, all));
        Assert.InRange(_links, all / 100, all);
        Assert.All([_valid, _invalid], part => Assert.InRange(part, (_valid + _invalid) / 20, _valid + _invalid));
        Assert.InRange(_failures.Count, 20, int.MaxValue);
    }

    public override string ToString() =>
        $"{_allowed} allowed, {_forbidden} forbidden, {_byDefault} denied by default; {_failing} with errors of {_failures.Count} kinds, {_links} decided by a link; " +
        $"schemas with valid policies {_valid}, with invalid ones {_invalid}";
}
