using System.Net;
using Proofgate.Cedar;
using Proofgate.Identity;

namespace Proofgate.Policy.Decisions;

/// <summary>A key's limits as the canonical request records them: what the built-in forbids were decided on.</summary>
internal static class LimitsRecord
{
    private const string Actions = "actions";
    private const string Datasets = "datasets";
    private const string MaxLabel = "maxLabel";
    private const string Models = "models";
    private const string Networks = "networks";

    /// <summary>Null where the key has no limit on what may be done: there is nothing to record.</summary>
    internal static RecordValue? Of(KeyLimits? limits)
    {
        if (limits is null)
        {
            return null;
        }

        var members = new List<KeyValuePair<string, Value>>(5);
        Add(members, Actions, limits.Actions);
        Add(members, Datasets, limits.Datasets);
        Add(members, Models, limits.Models);
        Add(members, Networks, limits.Networks.Select(static n => n.ToString()).ToList());
        if (limits.MaxLabel is { } max)
        {
            members.Add(new(MaxLabel, max));
        }

        return members.Count == 0 ? null : RecordValue.From(members);
    }

    /// <summary>False if it is not what <see cref="Of"/> makes.</summary>
    internal static bool TryRead(RecordValue record, out KeyLimits limits)
    {
        limits = new KeyLimits();
        for (var i = 0; i < record.Count; i++)
        {
            switch (record.Names[i], record.Values[i])
            {
                case (MaxLabel, LongValue max):
                    limits = limits with { MaxLabel = max.Value };
                    break;
                case (Networks, SetValue set) when Texts(set) is { } texts && texts.All(static t => IPNetwork.TryParse(t, out _)):
                    limits = limits with { Networks = [.. texts.Select(IPNetwork.Parse)] };
                    break;
                case (Actions, SetValue set) when Texts(set) is { } texts:
                    limits = limits with { Actions = texts };
                    break;
                case (Datasets, SetValue set) when Texts(set) is { } texts:
                    limits = limits with { Datasets = texts };
                    break;
                case (Models, SetValue set) when Texts(set) is { } texts:
                    limits = limits with { Models = texts };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static void Add(List<KeyValuePair<string, Value>> members, string name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count > 0)
        {
            members.Add(new(name, SetValue.From(texts)));
        }
    }

    private static HashSet<string>? Texts(SetValue set)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in set.AsSpan())
        {
            if (item is not StringValue text)
            {
                return null;
            }

            texts.Add(text.Value);
        }

        return texts;
    }
}
