using System.Globalization;
using System.Text;
using Proofgate.Cedar;

namespace Proofgate.Benchmarks.Micro;

/// <summary>Policies of a company: roles on folders, each with a condition, and one in twenty a rule for everybody. The same for every engine that is timed.</summary>
internal sealed class PolicyScenario
{
    private const int Actions = 10;
    private const int Requests = 64;

    public PolicyScenario(int policies)
    {
        // One role and folder for every few policies: a larger company has more of both.
        var breadth = Math.Max(4, (int)Math.Sqrt(policies) / 3);
        Text = Write(policies, breadth);
        Policies = ((PolicySetResult.Parsed)PolicySet.Parse(Text)).Policies;
        EntityList = [.. Users(breadth), .. Files(breadth)];
        Entities = Cedar.Entities.Create(EntityList);
        RequestList = [.. Enumerable.Range(0, Requests).Select(n => new Request(
            Uid("User", n % 8), Uid("Action", n % Actions), Uid("File", n % 16), RecordValue.Of(("label", n % 3), ("stream", n % 2 == 0), ("method", "dpop"))))];
    }

    public string Text { get; }

    public PolicySet Policies { get; }

    public IReadOnlyList<Entity> EntityList { get; }

    public Entities Entities { get; }

    public IReadOnlyList<Request> RequestList { get; }

    private static string Write(int policies, int breadth)
    {
        var text = new StringBuilder();
        for (var n = 0; n < policies; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"@id(\"p{n}\")\n");
            if (n % 20 == 0)
                text.Append(CultureInfo.InvariantCulture, $"forbid (principal, action == Action::\"{n / 20 % Actions}\", resource) when {{ context.label > resource.maxLabel && !context.stream }};\n");
            else
                text.Append(CultureInfo.InvariantCulture, $"permit (principal in Role::\"{n % breadth}\", action == Action::\"{n / 7 % Actions}\", resource in Folder::\"{n / breadth % breadth}\")\nwhen {{ principal.clearance >= context.label && context has method && [\"dpop\", \"mtls\"].contains(context.method) }};\n");
        }

        return text.ToString();
    }

    private static IEnumerable<Entity> Users(int breadth) => Enumerable.Range(0, 8).Select(n => new Entity(Uid("User", n))
    {
        Parents = [.. Enumerable.Range(0, 4).Select(role => Uid("Role", (n + role) % breadth))],
        Attributes = RecordValue.Of(("clearance", n % 4), ("tenant", Uid("Tenant", 0))),
    });

    private static IEnumerable<Entity> Files(int breadth) => Enumerable.Range(0, 16).Select(n => new Entity(Uid("File", n))
    {
        Parents = [Uid("Folder", n % breadth), Uid("Folder", (n + 1) % breadth)],
        Attributes = RecordValue.Of(("maxLabel", 1 + (n % 3))),
    });

    private static EntityUid Uid(string type, int number) => new(type, number.ToString(CultureInfo.InvariantCulture));
}
