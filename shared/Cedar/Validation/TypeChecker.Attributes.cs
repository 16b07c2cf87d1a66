using System.Collections.Immutable;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Schemas;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Validation;

internal sealed partial class TypeChecker
{
    /// <summary>What entities of several types have in common.</summary>
    private readonly Dictionary<CedarType, CedarType.Record> _common = [];

    /// <summary><c>target has a.b.c</c>, which is <c>target has a &amp;&amp; target.a has b &amp;&amp; target.a.b has c</c>.</summary>
    private TypeAnswer Has(HasAttribute has, ImmutableHashSet<Capability> known)
    {
        var target = Expect(has.Target, known, CedarType.AnyEntity, CedarType.AnyRecord, type =>
            type is CedarType.Set ? "to look into a set, write set.contains(value)" : type == CedarType.String ? "for a part of a string, write like" : null);
        var shape = _shapes.Of(has.Target);
        var answer = HasOne(target, shape, has.Path[0], known);
        var soFar = known.Union(answer.Capabilities);
        for (var i = 1; i < has.Path.Length && answer.Type != CedarType.False; i++)
        {
            if (!budget.TrySpend())
                return TypeAnswer.Fail(CedarType.Bool);

            target = GetOne(has, null, target, shape, has.Path[i - 1], soFar);
            shape = _shapes.OfAttribute(shape, has.Path[i - 1]);
            if (target.Type is { } type && !relations.IsSubtype(type, CedarType.AnyEntity, strict: false) && !relations.IsSubtype(type, CedarType.AnyRecord, strict: false))
            {
                Mismatch(has, $"an entity or a record in {StringLiteral.Quote(has.Path[i - 1])}", type, null);
                target = TypeAnswer.Fail(null);
            }

            var next = HasOne(target, shape, has.Path[i], soFar);
            answer = Both(answer, next);
            soFar = answer.Capabilities.Count > next.Capabilities.Count ? soFar.Union(next.Capabilities) : known.Union(answer.Capabilities);
        }

        return answer.Type == CedarType.False ? TypeAnswer.Success(CedarType.False).After(answer.IsTyped) : answer;
    }

    private TypeAnswer HasOne(TypeAnswer target, int shape, string name, ImmutableHashSet<Capability> known)
    {
        if (target.Type is not { } type)
            return TypeAnswer.Fail(CedarType.Bool);
        if (Attribute(type, name) is not { } attribute)
            return TypeAnswer.Success(MayHave(type, name) ? CedarType.Bool : CedarType.False).After(target.IsTyped);

        // Even a required attribute of an entity is missing if the entity does not exist.
        var capability = new Capability(false, shape, _shapes.OfName(name));
        var isKnown = known.Contains(capability) || (attribute.IsRequired && type is CedarType.Record);
        return TypeAnswer.Success(isKnown ? CedarType.True : CedarType.Bool, [capability]).After(target.IsTyped);
    }

    private TypeAnswer Get(GetAttribute get, ImmutableHashSet<Capability> known)
    {
        var target = Expect(get.Target, known, CedarType.AnyEntity, CedarType.AnyRecord);
        return GetOne(get, get.Target, target, _shapes.Of(get.Target), get.Name, known);
    }

    private TypeAnswer GetOne(Expression at, Expression? of, TypeAnswer target, int shape, string name, ImmutableHashSet<Capability> known)
    {
        if (target.Type is not { } type)
            return TypeAnswer.Fail(null);
        if (Attribute(type, name) is not { } attribute)
        {
            NoAttribute(at, of, type, name);
            return TypeAnswer.Fail(null);
        }

        var isThere = attribute.IsRequired || known.Contains(new Capability(false, shape, _shapes.OfName(name)));
        if (!isThere)
        {
            var guard = Spell(of) is { } spelled ? $"{spelled} has {Quoted(name)} && ..." : $"... has {Quoted(name)} && ...";
            findings.Error(at.Position, $"the attribute {StringLiteral.Quote(name)} of {Owner(of, type)} is optional and may be missing", $"ask first: {guard}");
        }

        return TypeAnswer.Success(attribute.Type).After(isThere && target.IsTyped);
    }

    private void NoAttribute(Expression at, Expression? of, CedarType type, string name)
    {
        var names = Attributes(type)?.Names ?? [];
        var hint = MayHave(type, name) ? "only some of the types that this may have has such an attribute, or not of one type"
            : (budget.TryHint() ? Nearest.Hint(name, names) : null)
            ?? (names.Length == 0 ? "it has no attributes" : names.Length <= 8 ? $"it has {string.Join(", ", names)}" : null);
        findings.Error(at.Position, $"{Owner(of, type)} has no attribute {StringLiteral.Quote(name)}", hint);
    }

    private string Owner(Expression? of, CedarType type) => of is Variable { Which: Variable.Name.Context }
        ? $"the context of {_environment.Action.Uid}"
        : type is CedarType.Record && Spell(of) is { } spelled ? $"`{spelled}`" : type.ToString();

    /// <summary>A variable, or attributes of one, as they are written; null for anything else.</summary>
    private static string? Spell(Expression? expression) => expression switch
    {
        Variable { Which: Variable.Name.Principal } => "principal",
        Variable { Which: Variable.Name.Action } => "action",
        Variable { Which: Variable.Name.Resource } => "resource",
        Variable => "context",
        GetAttribute { Height: < 10 } get when Spell(get.Target) is { } target => Names.IsIdentifier(get.Name) ? $"{target}.{get.Name}" : $"{target}[{StringLiteral.Quote(get.Name)}]",
        _ => null,
    };

    private static string Quoted(string name) => Names.IsIdentifier(name) && !Names.IsReserved(name) ? name : StringLiteral.Quote(name);

    private AttributeType? Attribute(CedarType type, string name) => Attributes(type)?.Find(name);

    /// <summary>The attributes that are known of a record or an entity.</summary>
    private CedarType.Record? Attributes(CedarType type)
    {
        switch (type)
        {
            case CedarType.Record record:
                return record;
            case CedarType.Entity { Single: { } single }:
                return schema.EntityType(single)?.Attributes ?? CedarType.EmptyRecord;
            case CedarType.Entity entity when _common.TryGetValue(type, out var known):
                return known;
            case CedarType.Entity entity:
                CedarType.Record? common = null;
                foreach (var name in entity.Names)
                {
                    var own = schema.EntityType(name)?.Attributes ?? CedarType.EmptyRecord;
                    common = common is null ? own : relations.Common(common, own);
                }

                _common.Add(type, common!);
                return common;
            default:
                return null;
        }
    }

    /// <summary>Whether some value of the type has the attribute, although it is not known of all.</summary>
    private bool MayHave(CedarType type, string name) => type switch
    {
        CedarType.Record record => record.IsOpen || record.Find(name) is not null,
        CedarType.Entity entity => Array.Exists(entity.Names, one => schema.EntityType(one) is { } model
            ? model.Attributes.Find(name) is not null
            : !Schema.IsActionType(one)),
        _ => type == CedarType.Never || type == CedarType.AnyEntity,
    };

    private TypeAnswer OfHasTag(HasTag has, ImmutableHashSet<Capability> known)
    {
        var target = Expect(has.Target, known, CedarType.AnyEntity);
        var name = Expect(has.Name, known, CedarType.String);
        if (target.Type is not { } type)
            return TypeAnswer.Fail(null);

        var capability = new Capability(true, _shapes.Of(has.Target), _shapes.Of(has.Name));
        var result = TagTypes(type).Count == 0 ? CedarType.False : known.Contains(capability) ? CedarType.True : CedarType.Bool;
        return TypeAnswer.Success(result, [capability]).After(target.IsTyped && name.IsTyped);
    }

    private TypeAnswer OfGetTag(GetTag get, ImmutableHashSet<Capability> known)
    {
        var target = Expect(get.Target, known, CedarType.AnyEntity);
        var name = Expect(get.Name, known, CedarType.String);
        if (target.Type is not { } type)
            return TypeAnswer.Fail(null);

        if (!known.Contains(new Capability(true, _shapes.Of(get.Target), _shapes.Of(get.Name))))
        {
            findings.Error(get.Position, $"the tag of {type} may be missing", $"ask first: {Spell(get.Target) ?? "..."}.hasTag(...) && ..., with the same name");
            return TypeAnswer.Fail(null);
        }

        var types = TagTypes(type);
        if (types.Count == 0)
        {
            findings.Error(get.Position, $"{type} has no tags", "declare them in the schema: entity ... tags Type;");
            return TypeAnswer.Fail(null);
        }

        return Join(get, [.. types], "the tags of the types that this may have") is { } tag
            ? TypeAnswer.Success(tag).After(target.IsTyped && name.IsTyped)
            : TypeAnswer.Fail(null);
    }

    private HashSet<CedarType> TagTypes(CedarType type)
    {
        var models = type is CedarType.Entity entity ? entity.Names.Select(schema.EntityType).OfType<EntityTypeModel>() : schema.EntityTypeModels;
        return models.Select(model => model.Tags).OfType<CedarType>().ToHashSet();
    }
}
