using System.Net;
using Proofgate.Identity;

namespace Proofgate.Policy.Testing;

/// <summary>Reads the callers of a test file.</summary>
internal sealed class PrincipalReader(LabelScale labels)
{
    private const int MaxLikes = 32;

    internal List<TestPrincipal> Read(IReadOnlyList<(string Name, TestNode Node)> nodes)
    {
        var byName = nodes.ToDictionary(static n => n.Name, static n => n.Node, StringComparer.Ordinal);
        return [.. nodes.Select(n => Read(n.Name, Whole(n.Node, byName, 0))).OfType<TestPrincipal>()];
    }

    /// <summary>A node with what it is like behind it.</summary>
    private static TestNode Whole(TestNode node, Dictionary<string, TestNode> byName, int depth)
    {
        if (node.Text("like") is not { } like)
        {
            return node;
        }

        if (depth == MaxLikes || !byName.TryGetValue(like, out var other) || ReferenceEquals(other, node))
        {
            node.Problem("like", depth == MaxLikes || byName.ContainsKey(like) ? "is like itself." : $"is '{like}', which is no principal of this file.");
            return node;
        }

        return node.With(Whole(other, byName, depth + 1));
    }

    private TestPrincipal? Read(string name, TestNode node)
    {
        // Own members first: a client that is like a user is a client.
        var isUser = node.HasOwn("user") || (!node.HasOwn("client") && node.Has("user"));
        if (node.HasOwn("user") && node.HasOwn("client"))
        {
            node.Problem("has `user` and `client`: one of them calls.");
        }

        _ = node.Has("like");
        _ = node.Has("client");
        var subject = isUser ? node.Required("user") : node.Has("client") ? node.Required("client") : null;
        if (subject is null)
        {
            node.Problem("needs `user` or `client`: who calls.");
        }

        var isToken = IsToken(node, isUser);
        var limits = node.Object("key") is { } key ? ReadLimits(key) : null;
        if (limits is not null && isToken)
        {
            node.Problem("key", "has limits, but the credential is a token: `\"credential\": \"key\"`.");
        }

        var caller = new Caller
        {
            Subject = subject ?? string.Empty,
            Kind = isUser ? SubjectKind.User : SubjectKind.Client,
            Client = subject ?? string.Empty,
            Tenant = node.Required("tenant"),
            Roles = node.Set("roles"),
            Groups = node.Set("groups"),
            Scopes = node.Set("scopes"),
            Clearance = node.Rank("clearance", labels) ?? 0,
            Purpose = node.Text("purpose"),
            Risk = node.Number("risk"),
            Actors = node.Texts("actors") ?? [],
            Method = isToken ? AuthenticationMethod.Jwt : AuthenticationMethod.ApiKey,
            Limits = isToken ? null : limits ?? new KeyLimits(),
            Bound = node.Flag("bound") ?? false,
            Acr = node.Text("acr"),
            Address = ReadAddress(node),
            Expires = DateTimeOffset.MaxValue,
        };
        var age = node.Duration("age");
        node.RefuseOthers();
        return subject is null ? null : new TestPrincipal(name, caller, age);
    }

    internal static IPAddress? ReadAddress(TestNode node)
    {
        if (node.Text("address") is not { } text)
        {
            return null;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        node.Problem("address", "must be an IP address.");
        return null;
    }

    private static bool IsToken(TestNode node, bool isUser)
    {
        switch (node.Text("credential"))
        {
            case null:
                return isUser && !node.Has("key");
            case "token":
                return true;
            case "key":
                return false;
            default:
                node.Problem("credential", "must be \"token\" or \"key\".");
                return false;
        }
    }

    private KeyLimits ReadLimits(TestNode node)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in node.Texts("networks") ?? [])
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                node.Problem("networks", $"has '{text}', which is no network: write 10.0.0.0/8.");
            }
        }

        var limits = new KeyLimits
        {
            Actions = node.Set("actions"),
            Models = node.Set("models"),
            Datasets = node.Set("datasets"),
            MaxLabel = node.Rank("maxLabel", labels),
            Networks = networks,
        };
        node.RefuseOthers();
        return limits;
    }
}
