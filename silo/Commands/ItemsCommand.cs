using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>items list | show | similar | put | import | delete.</summary>
internal static class ItemsCommand
{
    public static Command Make() => new("items", "List, show, put, import or delete items, or list those near one.") { List(), Show(), Similar(), Together(), Put(), ItemsImportCommand.Make(), Delete() };

    private static Command List()
    {
        var count = new Option<int>("--count") { Description = "Items on a page.", DefaultValueFactory = _ => Paging.CountDefault };
        var cursor = new Option<string?>("--cursor") { Description = "Where the last page ended." };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("list", "List items.").Does(async (parsed, cancellation) =>
        {
            int size = CommandOptions.InRange("count", parsed.GetValue(count), 1, Paging.CountMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var page = await open.Recommender.ListItemsAsync(parsed.GetValue(cursor), size, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(page, ApiJson.Default.ItemPage, p =>
            {
                ShowRows(p.Items, output);
                if (p.Next is not null)
                    output.Line($"next: --cursor {p.Next}");
            });
            return ExitCodes.Done;
        }, target.With(count, cursor, json));
    }

    private static Command Show()
    {
        var (item, json, target) = (Item(), CommandOptions.Json(), new TargetOptions());
        return new Command("show", "Show an item.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(item);
            var info = await open.Recommender.GetItemAsync(id, cancellation) ?? throw Unknown(id);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(info, ApiJson.Default.ItemInfo, i => ShowRows([i], output));
            return ExitCodes.Done;
        }, target.With(item, json));
    }

    private static Command Similar()
    {
        var (item, k, json, target) = (Item(), CommandOptions.K(), CommandOptions.Json(), new TargetOptions());
        var by = new Option<string?>("--by") { Description = $"In which way: {string.Join(", ", SimilarBy.All)}. Without it by factors, or by content where the model does not know the item." };
        return new Command("similar", "List the items nearest to one.").Does(async (parsed, cancellation) =>
        {
            int count = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(item);
            var options = new ListOptions { K = count };
            var list = await (parsed.GetValue(by) is { } way ? open.Recommender.SimilarByAsync(id, way, options, cancellation) : open.Recommender.SimilarAsync(id, options, cancellation))
                ?? throw new BadInputException("item", id, "must be an item that the published model or the catalogue knows");
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(list, ApiJson.Default.RecommendationAnswer, l => RecommendCommand.Show(l, output));
            return ExitCodes.Done;
        }, target.With(item, k, by, json));
    }

    private static Command Together()
    {
        var (item, k, json, target) = (Item(), CommandOptions.K(), CommandOptions.Json(), new TargetOptions());
        return new Command("together", "List the items most bought in one order with one.").Does(async (parsed, cancellation) =>
        {
            int count = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(item);
            var list = await open.Recommender.BoughtTogetherAsync(id, new() { K = count }, cancellation)
                ?? throw new BadInputException("item", id, "must be an item that the published model knows");
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(list, ApiJson.Default.RecommendationAnswer, l => RecommendCommand.Show(l, output));
            return ExitCodes.Done;
        }, target.With(item, k, json));
    }

    private static Command Put()
    {
        var item = Item();
        var title = new Option<string?>("--title") { Description = "Name to show." };
        var categories = new Option<string[]>("--category") { Description = "A category; may be repeated." };
        var price = new Option<double?>("--price") { Description = "Price." };
        var stock = new Option<long?>("--stock") { Description = "Pieces in stock; 0 keeps it out of lists." };
        var hidden = new Option<bool>("--hidden") { Description = "Keep it out of every list." };
        var details = new ItemDetailOptions();
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("put", "Add or replace an item of the catalogue.").Does(async (parsed, cancellation) =>
        {
            var input = details.Read(parsed) with
            {
                Title = parsed.GetValue(title), Categories = parsed.GetValue(categories), Price = parsed.GetValue(price),
                Stock = parsed.GetValue(stock), Visible = !parsed.GetValue(hidden),
            };
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            var answer = await open.Recommender.PutItemAsync(parsed.GetRequiredValue(item), input, cancellation);
            if (answer.Rejected is [var rejected])
                throw new BadInputException(rejected.Field, rejected.Value, rejected.Rule);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(answer, ApiJson.Default.ItemsAnswer, a => output.Line($"put; catalogue version {a.CatalogueVersion}"));
            return ExitCodes.Done;
        }, target.With([item, title, categories, price, stock, hidden, .. details.All, json]));
    }

    private static Command Delete()
    {
        var (item, target) = (Item(), new TargetOptions());
        return new Command("delete", "Delete an item: it is in no list until it is put again.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(item);
            if (!await open.Recommender.DeleteItemAsync(id, cancellation))
                throw Unknown(id);
            Console.Out.WriteLine($"deleted {id}");
            return ExitCodes.Done;
        }, target.With(item));
    }

    private static Argument<string> Item() => new("ITEM") { Description = "Item id." };

    private static BadInputException Unknown(string itemId) => new("item", itemId, "must be an item of the catalogue or of an event");

    private static void ShowRows(IEnumerable<ItemInfo> items, CommandOutput output) => output.Table(
        ["item", "kind", "title", "brand", "categories", "price", "stock", "users", "events"],
        items.Select(i => new[] { i.ItemId, i.Kind, i.Title ?? "", i.Brand ?? "", string.Join(", ", i.Categories), $"{i.Price}", $"{i.Stock}", $"{i.Users}", $"{i.Events}" }));
}
