import { Lock } from "lucide-react";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { ArticleEditor } from "./article-editor";

export default function NewArticlePage() {
  const { may } = useSession();
  return may("saveArticle") ? <ArticleEditor /> : <Nothing icon={Lock} title="You cannot write articles" />;
}
