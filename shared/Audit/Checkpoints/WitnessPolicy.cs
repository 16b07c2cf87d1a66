using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>Who must have cosigned a checkpoint (C2SP tlog-policy): witnesses, groups of them, and the quorum. Logs that it lists are pinned keys.</summary>
public sealed class WitnessPolicy
{
    private const int MaxLines = 1000;

    private readonly Dictionary<string, VerifierKey> _witnesses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Needed, string[] Members)> _groups = new(StringComparer.Ordinal);
    private readonly List<VerifierKey> _logs = [];
    private string? _quorum;

    private WitnessPolicy()
    {
    }

    public IReadOnlyList<VerifierKey> Logs => _logs;

    /// <summary>Reads a policy file; the problem names the line.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out WitnessPolicy? policy, [NotNullWhen(false)] out string? problem)
    {
        policy = null;
        problem = null;
        var read = new WitnessPolicy();
        var lines = text.Split('\n');
        if (lines.Length > MaxLines)
        {
            problem = $"it has more than {MaxLines} lines";
            return false;
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].TrimEnd('\r').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0][0] != '#' && !read.Take(words))
            {
                problem = $"line {i + 1} is not one of a policy, or names what no line before it defines";
                return false;
            }
        }

        if (read._quorum is null)
        {
            problem = "it has no quorum line";
            return false;
        }

        policy = read;
        return true;
    }

    /// <summary>Whether the note has the cosignatures. A false one of a known witness makes the note false.</summary>
    public bool IsMetBy(SignedNote note)
    {
        if (_quorum == "none")
            return true;
        return note.TryVerify(_witnesses.Values, out var signers) && IsMet(_quorum!, [.. signers]);
    }

    /// <summary>Whether it has a signature under the name of a known witness that is not that witness's.</summary>
    internal bool Contradicts(SignedNote note) =>
        note.Signatures.Any(s => _witnesses.Values.Any(w => s.IsBy(w) && !w.Verify(note.Text.Span, s.Value.Span)));

    private bool IsMet(string name, HashSet<VerifierKey> signers) => _witnesses.TryGetValue(name, out var witness)
        ? signers.Contains(witness)
        : _groups[name].Members.Count(m => IsMet(m, signers)) >= _groups[name].Needed;

    private bool Take(string[] words)
    {
        switch (words)
        {
            case ["log", ..] when words.Length is 2 or 3:
                if (!VerifierKey.TryParse(words[1], out var log) || log.Type == NoteKeyType.Cosignature || _logs.Contains(log))
                    return false;
                _logs.Add(log);
                return true;
            case ["witness", var witness, ..] when words.Length is 3 or 4:
                return IsNew(witness) && VerifierKey.TryParse(words[2], out var key) && key.Type == NoteKeyType.Cosignature
                    && !_witnesses.Values.Any(w => w.PublicKey.Span.SequenceEqual(key.PublicKey.Span)) && _witnesses.TryAdd(witness, key);
            case ["group", var name, var kind, .. { Length: > 0 } members]:
                var needed = kind switch
                {
                    "any" => 1,
                    "all" => members.Length,
                    _ => int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var k) ? k : 0,
                };
                return IsNew(name) && needed >= 1 && needed <= members.Length && members.All(IsKnown) && members.Distinct().Count() == members.Length
                    && Depth(members) < 16 && _groups.TryAdd(name, (needed, members));
            case ["quorum", var name] when _quorum is null && (name == "none" || IsKnown(name)):
                _quorum = name;
                return true;
            default:
                return false;
        }
    }

    private int Depth(string[] members) => 1 + members.Max(m => _groups.TryGetValue(m, out var group) ? Depth(group.Members) : 0);

    private bool IsNew(string name) => name != "none" && !IsKnown(name);

    private bool IsKnown(string name) => _witnesses.ContainsKey(name) || _groups.ContainsKey(name);
}
