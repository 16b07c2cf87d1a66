using System.Diagnostics;
using System.Text.Json;
using Proofgate.Enforcement.Tools.Schemas;

namespace Proofgate.Enforcement.Tests.Tools;

/// <summary>Arguments against schemas, whoever wrote them.</summary>
public sealed class ArgumentSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object"}""", "{}", null)]
    [InlineData("""{"type":"object"}""", """{"a":1}""", "'a' is no argument of this tool. It takes none.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", """{"a":1}""", "'a' must be a string.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["integer","null"]}}}""", """{"a":1.0}""", null)]
    [InlineData("""{"type":"object","properties":{"a":{"type":["integer","null"]}}}""", """{"a":1.5}""", "'a' must be a whole number or null.")]
    [InlineData("""{"type":"object","properties":{"a":{"minimum":1,"exclusiveMaximum":3,"multipleOf":0.5}}}""", """{"a":2.5}""", null)]
    [InlineData("""{"type":"object","properties":{"a":{"minimum":1,"exclusiveMaximum":3}}}""", """{"a":3}""", "'a' must be less than 3.")]
    [InlineData("""{"type":"object","properties":{"a":{"multipleOf":0.5}}}""", """{"a":0.3}""", "'a' must be a multiple of 0.5.")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["x",{"y":[1]}]}}}""", """{"a":{"y":[1.0]}}""", null)]
    [InlineData("""{"type":"object","properties":{"a":{"const":"x"}}}""", """{"a":"y"}""", "'a' must be \"x\".")]
    [InlineData("""{"type":"object","properties":{"a":{"maxLength":2}}}""", """{"a":"\ud83d\ude00\ud83d\ude00"}""", null)]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"^[a-z]+$"}}}""", """{"a":"A"}""", "'a' must match the pattern of the tool's schema.")]
    [InlineData("""{"type":"object","properties":{"a":{"items":{"type":"string"},"uniqueItems":true,"maxItems":2}}}""", """{"a":["x","x"]}""", "'a' must not have an item twice.")]
    [InlineData("""{"type":"object","properties":{"a":{"items":{"type":"string"}}}}""", """{"a":["x",1]}""", "'a[1]' must be a string.")]
    [InlineData("""{"type":"object","properties":{"a":{"prefixItems":[{"type":"string"}],"items":false}}}""", """{"a":["x",1]}""", "'a[1]' must not be there.")]
    [InlineData("""{"type":"object","properties":{"a":{"items":[{"type":"string"}],"additionalItems":{"type":"null"}}}}""", """{"a":["x",null]}""", null)]
    [InlineData("""{"type":"object","properties":{"a":{"contains":{"type":"number"},"maxContains":1}}}""", """{"a":[1,2]}""", "'a' does not contain what it must.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","required":["b"]}}}""", """{"a":{}}""", "'a.b' is missing.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","additionalProperties":false}}}""", """{"a":{"b":1}}""", "'a.b' must not be there.")]
    [InlineData("""{"type":"object","patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":"1"}""", null)]
    [InlineData("""{"type":"object","patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"y-a":"1"}""", "'y-a' must not be there.")]
    [InlineData("""{"type":"object","additionalProperties":true,"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "'ab' has a name that is not allowed.")]
    [InlineData("""{"type":"object","additionalProperties":true,"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "'b' is missing: 'a' asks for it.")]
    [InlineData("""{"type":"object","additionalProperties":true,"dependencies":{"a":{"required":["b"]}}}""", """{"a":1}""", "'b' is missing.")]
    [InlineData("""{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"c":1}""", "The arguments fits none of the forms that it may have.")]
    [InlineData("""{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}""", """{"a":1,"b":1}""", "The arguments must fit exactly one of the forms that it may have.")]
    [InlineData("""{"type":"object","allOf":[{"properties":{"a":{"type":"string"}}}]}""", """{"a":1}""", "'a' must be a string.")]
    [InlineData("""{"type":"object","not":{"required":["a"]},"additionalProperties":true}""", """{"a":1}""", "The arguments has a form that it may not have.")]
    [InlineData("""{"type":"object","if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1}""", "'b' is missing.")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/n~1~0"}},"$defs":{"n/~":{"type":"null"}}}""", """{"a":1}""", "'a' must be null.")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}}}""", """{"a":{"a":{"b":1}}}""", null)]
    [InlineData("""{"type":"object","properties":{"user":{}}}""", """{"User":1}""", "'User' is spelt 'user'.")]
    [InlineData("""{"type":"object","additionalProperties":true,"properties":{"user":{}}}""", """{"USER":1}""", "'USER' is spelt 'user'.")]
    [InlineData("""{"type":"object","additionalProperties":true}""", """{"a":[{"b":{"__proto__":1}}]}""", "'a' is not taken as an argument.")]
    public void Check_SaysWhatIsWrong(string schema, string arguments, string? fault) => Assert.Equal(fault, Compile(schema).Check(Json(arguments)));

    [Theory]
    [InlineData("true", "an object with the type 'object'")]
    [InlineData("{}", "an object with the type 'object'")]
    [InlineData("""{"type":["object"]}""", "an object with the type 'object'")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"text"}}}""", "does not have")]
    [InlineData("""{"type":"object","properties":{"a":7}}""", "is no schema")]
    [InlineData("""{"type":"object","properties":[]}""", "must be an object")]
    [InlineData("""{"type":"object","unevaluatedProperties":false}""", "'unevaluatedProperties', which is not checked here")]
    [InlineData("""{"type":"object","properties":{"a":{"x-mcp-header":"A"}}}""", "'x-mcp-header', which is not checked here")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"https://example.com/s"}}}""", "refers to another document")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#anchor"}}}""", "refers to another document, or by an anchor")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/none"}}}""", "is not in it")]
    [InlineData("""{"type":"object","properties":{"a":{"$id":"https://example.com/s"}}}""", "has an '$id' of its own")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"(a+)+\\1"}}}""", "cannot be matched in linear time")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"("}}}""", "no regular expression")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"((a{1,100}){1,100}){1,100}"}}}""", "repeats more than")]
    [InlineData("""{"type":"object","properties":{"a":{"minLength":-1}}}""", "must be a whole number")]
    [InlineData("""{"type":"object","required":"a"}""", "must be a list")]
    public void Schema_ThatCannotBeChecked_IsNotTaken(string schema, string problem)
    {
        Assert.False(ArgumentSchema.TryCompile(Json(schema), out _, out var why));
        Assert.Contains(problem, why, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_OfTooManyParts_IsNotTaken()
    {
        Assert.False(ArgumentSchema.TryCompile(Json($$"""{"type":"object","allOf":[{{string.Join(',', Enumerable.Repeat("{}", 5000))}}]}"""), out _, out var many));
        Assert.Contains("more than 4096 parts", many, StringComparison.Ordinal);
        Assert.False(ArgumentSchema.TryCompile(Json($$"""{"type":"object","description":"{{new string('x', 70_000)}}"}"""), out _, out var length));
        Assert.Contains("longer than", length, StringComparison.Ordinal);
        var nested = string.Concat(Enumerable.Repeat("""{"items":""", 40)) + "{}" + new string('}', 40);
        Assert.False(ArgumentSchema.TryCompile(Json($$"""{"type":"object","properties":{"a":{{nested}} } }"""), out _, out var deep));
        Assert.Contains("nested more than 32 deep", deep, StringComparison.Ordinal);
    }

    [Theory]
    // Alternatives of alternatives, a schema that is only itself, and texts that make matching by trial slow.
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/t"}},"$defs":{"t":{"anyOf":[{"type":"object","properties":{"x":{"$ref":"#/$defs/t"}},"required":["y"]},{"type":"object","properties":{"x":{"$ref":"#/$defs/t"}},"required":["z"]}]}}}""", "nested")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/t"}},"$defs":{"t":{"$ref":"#/$defs/t"}}}""", "nested")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/t"}},"$defs":{"t":{"not":{"$ref":"#/$defs/t"}}}}""", "nested")]
    [InlineData("""{"type":"object","properties":{"a":{"uniqueItems":true}}}""", "list")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"^(a+)+$"}}}""", "text")]
    public void Check_Ends_WhateverTheSchemaAndTheArguments(string schema, string arguments)
    {
        var value = arguments switch
        {
            "nested" => string.Concat(Enumerable.Repeat("""{"x":""", 40)) + "1" + new string('}', 40),
            "list" => $"[{string.Join(',', Enumerable.Range(0, 20_000))}]",
            _ => $"\"{new string('a', 200_000)}!\"",
        };
        var watch = Stopwatch.StartNew();
        Assert.NotNull(Compile(schema).Check(Json($$"""{"a":{{value}}}""")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    private static ArgumentSchema Compile(string schema)
    {
        Assert.True(ArgumentSchema.TryCompile(Json(schema), out var compiled, out var problem), problem);
        return compiled;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
