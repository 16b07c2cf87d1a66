using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Schemas;

public sealed class SchemaTests
{
    [Fact]
    public void Schema_IsRead_WithEverythingThatItMayHave()
    {
        var schema = Make.Schema("""
            @doc("of a namespace") namespace Shop::Core {
              // common types in any order, and of other namespaces
              type Address = { city: String, zip?: Code };
              type Code = Common;
              @doc entity User, Admin in [Group, Folder] = { "full name": String, @hint address: Address, ip: ipaddr, since?: datetime } tags Set<__cedar::String>;
              entity Group;
              entity Kind enum ["a", "b"];
              action read, "write it" in [all, Action::"root", Other::Action::"top"] appliesTo {
                principal: [User, Admin], resource: Folder, context: Context,
              };
              type Context = { "if": Bool, nested: { deep: Set<Set<decimal>>, }, };
              action all;
              action list appliesTo { resource: [Folder], principal: Kind, context: {} } attributes {};
            }
            namespace Other { action top; entity Set { Set: Set<Set> }; }
            type Common = Long;
            entity Folder in Folder;
            action root;
            """);

        Assert.Equal(["Folder", "Other::Set", "Shop::Core::Admin", "Shop::Core::Group", "Shop::Core::Kind", "Shop::Core::User"], schema.EntityTypes.Order(StringComparer.Ordinal));
        Assert.Equal(6, schema.Actions.Count);
        var write = new EntityUid("Shop::Core::Action", "write it");
        Assert.Equal(
            ["Action::\"root\"", "Other::Action::\"top\"", "Shop::Core::Action::\"all\""],
            schema.ActionEntities.Ancestors(write).Select(uid => uid.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("// nothing\n", 0)]
    [InlineData("namespace N {}", 0)]
    [InlineData("entity Set; entity A { x: Set };", 2)]
    [InlineData("entity Long; entity A { x: Long, y: __cedar::Long };", 2)]
    [InlineData("entity A; type A = Long;", 1)]
    [InlineData("entity A in [A, B]; entity B in A;", 2)]
    [InlineData("action a; entity A { x: Action };", 1)]
    [InlineData("type ipaddr = Long; entity A { x: ipaddr, y: __cedar::ipaddr };", 1)]
    [InlineData("entity A { __cedar: Long, action: Long, \"in\": Long };", 1)]
    public void Schema_IsRead(string text, int entityTypes) => Assert.Equal(entityTypes, Make.Schema(text).EntityTypes.Count);

    [Theory]
    [InlineData("entity User { name: Strin };", "s:1:21: there is no type `Strin` (did you mean `String`?)")]
    [InlineData("entity User in Grup; entity Group;", "s:1:16: there is no entity type `Grup` (did you mean `Group`?)")]
    [InlineData("entity User { x: Boolean };", "s:1:18: there is no type `Boolean` (the language's own types are Bool, Long, String, decimal, ipaddr, datetime, duration)")]
    [InlineData("entity User;\nentity User;", "s:2:8: the entity type `User` is declared twice (first at 1:8)")]
    [InlineData("type T = Long; type T = Long;", "s:1:21: the type `T` is declared twice (first at 1:6)")]
    [InlineData("action a, a;", "s:1:11: the action Action::\"a\" is declared twice (first at 1:8)")]
    [InlineData("namespace N {} namespace N {}", "s:1:26: the namespace `N` occurs twice (first at 1:11)")]
    [InlineData("entity A { a: Long, \"a\": Long };", "s:1:21: the attribute \"a\" occurs twice")]
    [InlineData("entity Action;", "s:1:8: `Action` cannot be declared as an entity type (declare actions: action name appliesTo { ... };)")]
    [InlineData("entity __cedar;", "s:1:8: `__cedar` is reserved")]
    [InlineData("namespace N::__cedar {}", "s:1:11: the namespace `N::__cedar` contains `__cedar`, which is reserved")]
    [InlineData("type Set = Long;", "s:1:6: `Set` is reserved and cannot be the name of a common type")]
    [InlineData("entity A; namespace N { entity A; }", "s:1:32: `N::A` hides `A`, which is declared outside any namespace (that one is at 1:8; rename one of them)")]
    [InlineData("action a; namespace N { action a; }", "s:1:32: N::Action::\"a\" hides an action of that name outside any namespace (that one is at 1:8; rename one of them)")]
    [InlineData("type A = B; type B = Set<C>; type C = { a: A };", "s:1:6: the type `A` is part of itself (`A` needs `B` needs `C` needs `A`)")]
    [InlineData("action a in b; action b in [c]; action c in a;", "s:1:8: the action Action::\"a\" is in itself (`Action::\"a\"` is in `Action::\"b\"` is in `Action::\"c\"` is in `Action::\"a\"`)")]
    [InlineData("action a in \"wriite\"; action write;", "s:1:13: there is no action Action::\"wriite\" (did you mean `write`?)")]
    [InlineData("entity A; action a appliesTo { principal: A };", "s:1:20: `resource` is missing (an action applies to principal types and resource types; for a mere group of actions leave `appliesTo` out)")]
    [InlineData("entity A; action a appliesTo { principal: [], resource: A };", "s:1:32: `principal` has no types (for a mere group of actions leave `appliesTo` out)")]
    [InlineData("entity A; action a appliesTo { principle: A, resource: A };", "s:1:32: an action has no `principle` (did you mean `principal`?)")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: A };", "s:1:68: there is no common type `A` (`A` is an entity type, and a common type is needed here)")]
    [InlineData("entity A; type C = Long; action a appliesTo { principal: A, resource: A, context: C };", "s:1:83: the context of an action must be a record, not Long")]
    [InlineData("entity A; type C = {}; action a appliesTo { principal: C, resource: A };", "s:1:56: there is no entity type `C` (`C` is a common type, and an entity type is needed here)")]
    [InlineData("entity A in Action; action a;", "s:1:13: there is no entity type `Action`")]
    [InlineData("namespace N { entity User; } entity A { u: User };", "s:1:44: there is no type `User` (there is `N::User`)")]
    [InlineData("entity A { x: decimal<Long> };", "s:1:22: `decimal` takes no type argument (only Set does: Set<Type>)")]
    [InlineData("entity A = Long;", "s:1:12: expected `{`, found `Long` (the attributes of an entity type are written out, a common type cannot stand for them)")]
    [InlineData("entity A", "s:1:9: expected `;`, found the end of the text (a declaration ends with `;`)")]
    [InlineData("entty A;", "s:1:1: expected `entity`, `action`, `type` or `namespace`, found `entty` (did you mean `entity`?)")]
    [InlineData("entity A { x; Long };", "s:1:13: expected `:` or `?:`, found `;` (an attribute is written x: Type, or x?: Type if it may be missing)")]
    [InlineData("entity A { if: Long };", "s:1:12: `if` is reserved and cannot be an attribute: a name or a string")]
    [InlineData("entity A enum [];", "s:1:16: expected an id, a string, found `]`")]
    [InlineData("@a @a entity A;", "s:1:5: the annotation `@a` occurs twice")]
    [InlineData("namespace N { namespace M {} }", "s:1:15: a namespace cannot stand inside another (write namespace N::Inner beside it)")]
    [InlineData("namespace N { entity A;", "s:1:24: expected a declaration or `}`, found the end of the text")]
    [InlineData("entity A { x: \"Long\" };", "s:1:15: expected a type: a name, Set<...> or {...}, found a string")]
    public void Schema_IsRefused_WithPlaceAndHint(string text, string error) =>
        Assert.Equal(error, Assert.IsType<SchemaResult.Failed>(Schema.Parse(text, "s")).Errors[0].ToString());

    [Fact]
    public void Schema_IsRefused_WithAllThatIsWrong()
    {
        var syntax = Assert.IsType<SchemaResult.Failed>(Schema.Parse("entity A {;\nnamespace N { entity ;\n action a applies; }\nentity B;")).Errors;
        var names = Assert.IsType<SchemaResult.Failed>(Schema.Parse("entity A in X { y: Y };\naction a appliesTo { principal: Z, resource: A };")).Errors;

        Assert.Equal([1, 2, 3], syntax.Select(error => error.Position!.Value.Line));
        Assert.Equal([1, 1, 2], names.Select(error => error.Position!.Value.Line));
    }
}
